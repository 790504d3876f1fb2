/** PostgreSQL does what every adapter must do. */
import {
  accountsSuite,
  dispatchQueueSuite,
  Fixture,
  idempotencySuite,
  messageStoreSuite,
  numberRegistrySuite,
  optOutsSuite,
  rateLimitsSuite,
  receiptInboxSuite,
  unitOfWorkSuite,
  walletSuite
} from "@cliqtel/sms-testkit"
import { Layer } from "effect"
import { freshPostgres } from "./freshPostgres.ts"

const ports = Fixture.layer.pipe(Layer.provideMerge(freshPostgres))
const options = { runs: 20 }

unitOfWorkSuite("postgres", ports)
accountsSuite("postgres", ports)
numberRegistrySuite("postgres", ports)
optOutsSuite("postgres", ports)
walletSuite("postgres", ports, options)
rateLimitsSuite("postgres", ports)
idempotencySuite("postgres", ports)
messageStoreSuite("postgres", ports, options)
dispatchQueueSuite("postgres", ports)
receiptInboxSuite("postgres", ports)
