/** The carriers that CARRIERS names. */
import { makeRemoteSandbox, makeSandbox } from "@cliqtel/sms-adapters/sandbox"
import { Carriers, type CarrierShape } from "@cliqtel/sms-core"
import { Effect, Layer, Schema, type Scope } from "effect"
import type { HostConfig } from "./Config.ts"

export class UnknownCarrier extends Schema.TaggedError<UnknownCarrier>()("UnknownCarrier", {
  message: Schema.String
}) {}

const KNOWN = ["sandbox"]

export const layerCarriers = (config: HostConfig): Layer.Layer<Carriers, UnknownCarrier> =>
  Layer.effect(
    Carriers,
    Effect.map(
      Effect.forEach(new Set(config.carriers), (name) => connect(name, config)),
      (carriers) => new Map(carriers.map((carrier) => [carrier.name, carrier]))
    )
  )

const connect = (name: string, config: HostConfig): Effect.Effect<CarrierShape, UnknownCarrier, Scope.Scope> =>
  name === "sandbox"
    ? sandbox(config)
    : Effect.fail(new UnknownCarrier({ message: `CARRIERS names "${name}", which is not one of: ${KNOWN.join(", ")}` }))

const sandbox = ({ sandboxDelayMillis, sandboxUrl }: HostConfig) =>
  sandboxUrl === undefined
    ? makeSandbox(sandboxDelayMillis === undefined ? {} : { delayMillis: sandboxDelayMillis })
    : makeRemoteSandbox({ url: sandboxUrl })
