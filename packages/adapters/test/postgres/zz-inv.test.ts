import { Fixture, accountsSuite, dispatchQueueSuite, idempotencySuite, invariantsSuite, messageStoreSuite, numberRegistrySuite, optOutsSuite, rateLimitsSuite, receiptInboxSuite, unitOfWorkSuite, walletSuite } from "@cliqtel/sms-testkit"
import { Layer } from "effect"
import { freshPostgres } from "./freshPostgres.ts"
const memory = Fixture.layer.pipe(Layer.provideMerge(freshPostgres))
const many = { runs: 20 }
unitOfWorkSuite("pg", memory)
accountsSuite("pg", memory)
numberRegistrySuite("pg", memory)
optOutsSuite("pg", memory)
walletSuite("pg", memory, many)
rateLimitsSuite("pg", memory)
idempotencySuite("pg", memory)
messageStoreSuite("pg", memory, many)
dispatchQueueSuite("pg", memory)
receiptInboxSuite("pg", memory)
invariantsSuite("pg", memory, { runs: 30 })
