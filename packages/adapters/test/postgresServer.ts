/** One real PostgreSQL for a whole run; each suite makes databases of its own in it. */
import { startEmbeddedPostgres } from "@cliqtel/sms-adapters/embedded"
import { Effect, Exit, Redacted, Scope } from "effect"
import type { TestProject } from "vitest/node"
// Each package's tests ask for it by this name; the testkit says what it is.
import "@cliqtel/sms-testkit/postgres"

export default async ({ provide }: TestProject) => {
  const scope = Scope.makeUnsafe()
  const server = await Effect.runPromise(
    startEmbeddedPostgres({
      // Nothing here outlives the run; what must survive a crash is tested on servers of its own.
      ephemeral: true,
      settings: { max_connections: "200" }
    }).pipe(Effect.provideService(Scope.Scope, scope))
  )
  provide("postgresUrl", Redacted.value(server.url))
  return () => Effect.runPromise(Scope.close(scope, Exit.void))
}
