/** The carrier of numbers that are added without naming one: the first that CARRIERS names. */
import { Context, Layer } from "effect"
import type { HostConfig } from "./Config.ts"

export class DefaultCarrier extends Context.Service<DefaultCarrier, { readonly name: string }>()(
  "@cliqtel/sms-host-http/DefaultCarrier"
) {}

/** CARRIERS names at least one; a host without any would find none of this name. */
export const layerDefaultCarrier = ({ carriers: [first = ""] }: HostConfig): Layer.Layer<DefaultCarrier> =>
  Layer.succeed(DefaultCarrier, { name: first })
