/** The suites of all storage ports at once, for an adapter that has them all. */
import type { ChangeFeed, Sessions } from "@cliqtel/sms-core"
import type { Layer } from "effect"
import { accountsSuite } from "./accountsSuite.ts"
import { changeFeedSuite } from "./changeFeedSuite.ts"
import { deskFaultsSuite } from "./deskFaultsSuite.ts"
import { deskSuite } from "./deskSuite.ts"
import { deliveryQueueSuite } from "./deliveryQueueSuite.ts"
import { dispatchQueueSuite } from "./dispatchQueueSuite.ts"
import type { Fixture } from "./Fixture.ts"
import type { DeskPorts } from "./Hosts.ts"
import { holdupsSuite } from "./holdupsSuite.ts"
import { idempotencySuite } from "./idempotencySuite.ts"
import { inboundStoreSuite } from "./inboundStoreSuite.ts"
import { messageStoreSuite } from "./messageStoreSuite.ts"
import { numberRegistrySuite } from "./numberRegistrySuite.ts"
import { optOutsSuite } from "./optOutsSuite.ts"
import { orderBookSuite } from "./orderBookSuite.ts"
import { outboxSuite } from "./outboxSuite.ts"
import { rateLimitsSuite } from "./rateLimitsSuite.ts"
import { receiptInboxSuite } from "./receiptInboxSuite.ts"
import { receiveSuite } from "./receiveSuite.ts"
import { sessionsSuite } from "./sessionsSuite.ts"
import type { SuiteOptions } from "./suite.ts"
import { unitOfWorkSuite } from "./unitOfWorkSuite.ts"
import { topUpStoreSuite } from "./topUpStoreSuite.ts"
import { eventLogSuite } from "./eventLogSuite.ts"
import { walletSuite } from "./walletSuite.ts"
import { webhooksSuite } from "./webhooksSuite.ts"
import { webhookTimesSuite } from "./webhookTimesSuite.ts"
import { webhookStoreSuite } from "./webhookStoreSuite.ts"

export const portSuites = <E>(
  name: string,
  ports: Layer.Layer<DeskPorts | ChangeFeed | Sessions | Fixture, E>,
  options: SuiteOptions = {}
) => {
  unitOfWorkSuite(name, ports)
  accountsSuite(name, ports)
  sessionsSuite(name, ports)
  numberRegistrySuite(name, ports)
  optOutsSuite(name, ports)
  walletSuite(name, ports, options)
  rateLimitsSuite(name, ports)
  idempotencySuite(name, ports)
  messageStoreSuite(name, ports, options)
  changeFeedSuite(name, ports, options)
  dispatchQueueSuite(name, ports)
  receiptInboxSuite(name, ports)
  inboundStoreSuite(name, ports)
  eventLogSuite(name, ports)
  orderBookSuite(name, ports)
  topUpStoreSuite(name, ports)
  webhookStoreSuite(name, ports)
  outboxSuite(name, ports)
  deliveryQueueSuite(name, ports)
  webhooksSuite(name, ports)
  webhookTimesSuite(name, ports)
  deskSuite(name, ports)
  deskFaultsSuite(name, ports)
  holdupsSuite(name, ports)
  receiveSuite(name, ports, options)
}
