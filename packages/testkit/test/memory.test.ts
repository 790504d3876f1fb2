/** The in-memory ports do what every adapter must. */
import { layerMemory } from "@cliqtel/sms-core"
import { Layer } from "effect"
import {
  accountsSuite,
  dispatchQueueSuite,
  Fixture,
  idempotencySuite,
  invariantsSuite,
  messageStoreSuite,
  numberRegistrySuite,
  optOutsSuite,
  rateLimitsSuite,
  receiptInboxSuite,
  unitOfWorkSuite,
  walletSuite
} from "../src/index.ts"

const memory = Fixture.layer.pipe(Layer.provideMerge(layerMemory()))
const many = { runs: 300 }

unitOfWorkSuite("memory", memory)
accountsSuite("memory", memory)
numberRegistrySuite("memory", memory)
optOutsSuite("memory", memory)
walletSuite("memory", memory, many)
rateLimitsSuite("memory", memory)
idempotencySuite("memory", memory)
messageStoreSuite("memory", memory, many)
dispatchQueueSuite("memory", memory)
receiptInboxSuite("memory", memory)
invariantsSuite("memory", memory, many)
