/** What a new API key may do: at most what the key may that makes it, so that no key can give itself more. */
import { Result, Schema } from "effect"
import { Scope, SCOPES } from "../Accounts.ts"

/** The key lacks scopes that it wants to give. */
export class ScopesExceeded extends Schema.TaggedError<ScopesExceeded>()("ScopesExceeded", {
  missing: Schema.Array(Scope)
}) {}

/** `wanted` without repetitions and in one order, all of the maker's own if nothing is wanted in particular. */
export const newKeyScopes = (
  maker: ReadonlyArray<Scope>,
  wanted: ReadonlyArray<Scope> = maker
): Result.Result<ReadonlyArray<Scope>, ScopesExceeded> => {
  const missing = SCOPES.filter((scope) => wanted.includes(scope) && !maker.includes(scope))
  return missing.length > 0
    ? Result.fail(new ScopesExceeded({ missing }))
    : Result.succeed(SCOPES.filter((scope) => wanted.includes(scope)))
}
