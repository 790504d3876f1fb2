/** The invariants of money and messages hold on PostgreSQL. */
import { Fixture, invariantsSuite } from "@cliqtel/sms-testkit"
import { Layer } from "effect"
import { freshPostgres } from "./freshPostgres.ts"

invariantsSuite("postgres", Fixture.layer.pipe(Layer.provideMerge(freshPostgres)), { runs: 30 })
