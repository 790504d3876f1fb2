/** The core on PostgreSQL does what the model says. */
import { Fixture, accountModelSuite } from "@cliqtel/sms-testkit"
import { Layer } from "effect"
import { freshPostgres } from "./freshPostgres.ts"

accountModelSuite("postgres", Fixture.layer.pipe(Layer.provideMerge(freshPostgres)), { runs: 200, seed: 7 })
