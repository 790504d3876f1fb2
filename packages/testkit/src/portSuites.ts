/** The suites of all storage ports at once, for an adapter that has them all. */
import type { Accounts } from "@cliqtel/sms-core"
import type { Layer } from "effect"
import { accountsSuite } from "./accountsSuite.ts"
import { dispatchQueueSuite } from "./dispatchQueueSuite.ts"
import type { Fixture } from "./Fixture.ts"
import type { StoragePorts } from "./Hosts.ts"
import { idempotencySuite } from "./idempotencySuite.ts"
import { messageStoreSuite } from "./messageStoreSuite.ts"
import { numberRegistrySuite, optOutsSuite } from "./numbersSuite.ts"
import { rateLimitsSuite } from "./rateLimitsSuite.ts"
import { receiptInboxSuite } from "./receiptInboxSuite.ts"
import type { SuiteOptions } from "./suite.ts"
import { unitOfWorkSuite } from "./unitOfWorkSuite.ts"
import { walletSuite } from "./walletSuite.ts"

export const portSuites = <E>(
  name: string,
  ports: Layer.Layer<StoragePorts | Accounts | Fixture, E>,
  options: SuiteOptions = {}
) => {
  unitOfWorkSuite(name, ports)
  accountsSuite(name, ports)
  numberRegistrySuite(name, ports)
  optOutsSuite(name, ports)
  walletSuite(name, ports, options)
  rateLimitsSuite(name, ports)
  idempotencySuite(name, ports)
  messageStoreSuite(name, ports, options)
  dispatchQueueSuite(name, ports)
  receiptInboxSuite(name, ports)
}
