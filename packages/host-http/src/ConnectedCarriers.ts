/** The carriers that CARRIERS names. */
import { makeSandbox } from "@cliqtel/sms-adapters/sandbox"
import { Carriers, type CarrierShape } from "@cliqtel/sms-core"
import { Effect, Layer, Schema } from "effect"
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

const connect = (name: string, { sandboxDelayMillis }: HostConfig): Effect.Effect<CarrierShape, UnknownCarrier> =>
  name === "sandbox"
    ? makeSandbox(sandboxDelayMillis === undefined ? {} : { delayMillis: sandboxDelayMillis })
    : Effect.fail(new UnknownCarrier({ message: `CARRIERS names "${name}", which is not one of: ${KNOWN.join(", ")}` }))
