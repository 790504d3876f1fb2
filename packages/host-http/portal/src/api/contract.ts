/** The host's own contract as types: what each operation takes and answers, as JSON has it. Nothing of it is loaded. */
import type { Coverage, Keys, Numbers, OptOuts, Session, Sms, Wallet, Webhooks } from "@cliqtel/sms-host-http/api"
import type { Schema } from "effect"
import type { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"

interface Groups {
  coverage: typeof Coverage
  keys: typeof Keys
  numbers: typeof Numbers
  optOuts: typeof OptOuts
  session: typeof Session
  sms: typeof Sms
  wallet: typeof Wallet
  webhooks: typeof Webhooks
}

type Endpoints = { [G in keyof Groups]: HttpApiGroup.Endpoints<Groups[G]> }

/** "sms.send" and the others. */
export type OperationName = {
  [G in keyof Groups]: `${G}.${HttpApiEndpoint.Identifier<Endpoints[G]>}`
}[keyof Groups]

type Endpoint<Name extends OperationName> = Name extends `${infer G extends keyof Groups}.${infer I}`
  ? Extract<Endpoints[G], { readonly identifier: I }>
  : never

type Encoded<S> = [S] extends [never]
  ? never
  : S extends Schema.toCodecJson<infer Inner> | Schema.toCodecStringTree<infer Inner>
    ? Encoded<Inner>
    : S extends HttpApiSchema.WithHeaders<infer Inner, infer _>
      ? Encoded<Inner>
      : S extends { readonly Encoded: infer E }
        ? E
        : never

/** Method and path, as the contract has them. */
export type Route<Name extends OperationName> = readonly [Endpoint<Name>["method"], Endpoint<Name>["path"]]

type Part<Key extends string, S> = [S] extends [never] ? unknown : { readonly [K in Key]: Encoded<S> }

/** What the operation is called with. */
export type Request<Name extends OperationName> = Part<"params", Endpoint<Name>["~Params"]> &
  Part<"query", Endpoint<Name>["~Query"]> &
  Part<"payload", Endpoint<Name>["~Payload"]>

export type Answer<Name extends OperationName> = Encoded<Endpoint<Name>["~Success"]>
