/** Ways to spoil a request: before it is written as bytes, or after. */
import fc from "fast-check"
import type { Operation } from "../document.ts"
import { inAddress } from "./addressMutations.ts"
import { inBody } from "./bodyMutations.ts"
import type { Draft } from "./draft.ts"
import { inHeaders } from "./headerMutations.ts"
import type { WireRequest } from "./wire.ts"

export interface Mutation {
  readonly what: string
  readonly draft?: (draft: Draft) => Draft
  readonly wire?: (request: WireRequest) => WireRequest
}

export const mutations = (operation: Operation): fc.Arbitrary<Mutation> =>
  fc.oneof(
    ...(operation.requestBody === undefined ? [] : [{ arbitrary: inBody, weight: 12 }]),
    { arbitrary: inAddress(operation), weight: (operation.parameters ?? []).some(inTarget) ? 6 : 2 },
    { arbitrary: inHeaders, weight: 3 }
  )

const inTarget = (parameter: { readonly in: string }): boolean => parameter.in !== "header"
