/** PostgreSQL does what every adapter must do. */
import { Fixture, portSuites } from "@cliqtel/sms-testkit"
import { Layer } from "effect"
import { freshPostgres } from "./freshPostgres.ts"

portSuites("postgres", Fixture.layer.pipe(Layer.provideMerge(freshPostgres)), { runs: 20 })
