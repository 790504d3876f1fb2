/** PostgreSQL does what every adapter must do. */
import { Fixture, walletSuite } from "@cliqtel/sms-testkit"
import { Layer } from "effect"
import { freshPostgres } from "./freshPostgres.ts"

const ports = Fixture.layer.pipe(Layer.provideMerge(freshPostgres))

walletSuite("postgres", ports)
