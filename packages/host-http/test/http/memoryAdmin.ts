/** The real admin API over the core in memory: what it does needs no fake. */
import * as Catalogue from "@cliqtel/sms-adapters/catalogue"
import { makeSandbox } from "@cliqtel/sms-adapters/sandbox"
import { Carriers, Idempotent, layerMemory, Operator, PaymentProvider, TopUps, Wakeups } from "@cliqtel/sms-core"
import { Effect, Layer, Redacted } from "effect"
import { AdminToken } from "../../src/AdminAuthentication.ts"
import { DefaultCarrier } from "../../src/DefaultCarrier.ts"
import { layerAdmin } from "../../src/handlers/Admin.ts"

export const ADMIN_TOKEN = "admin-token-of-the-tests"

/** Null: a host that was started without one. */
export const layerAdminToken = (token: string | null) =>
  Layer.succeed(AdminToken, { token: token === null ? undefined : Redacted.make(token) })

const carriers = Layer.effect(
  Carriers,
  Effect.map(makeSandbox({ name: "sandbox" }), (sandbox) => new Map([[sandbox.name, sandbox]]))
)

/** Makes a store of its own at each call. */
export const layerMemoryAdmin = () =>
  layerAdmin.pipe(
    Layer.provide([Operator.layer, TopUps.layer]),
    Layer.provide(Idempotent.layer),
    Layer.provide([layerMemory(), Wakeups.layer, Layer.mock(PaymentProvider, { offers: () => false })]),
    Layer.provide([Catalogue.layer(), carriers, Layer.succeed(DefaultCarrier, { name: "sandbox" })])
  )
