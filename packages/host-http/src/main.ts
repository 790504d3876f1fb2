/** `pnpm start`: reads the configuration, runs the host until SIGTERM or SIGINT, and leaves in order. */
import { NodeRuntime } from "@effect/platform-node"
import type { EmbeddedPostgresError } from "@cliqtel/sms-adapters/embedded"
import { Cause, Console, Deferred, Effect, Exit, Layer, Logger } from "effect"
import { load } from "./Config.ts"
import { Downfall } from "./Database.ts"
import { layerHost } from "./Host.ts"
import { inWords } from "./StartError.ts"

// Started by scripts/node.mjs: when that is killed there is nobody left to pass signals on, so we stop as well.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"))

const host = Effect.gen(function* () {
  const config = yield* load
  const downfall = yield* Deferred.make<never, EmbeddedPostgresError>()
  const running = Layer.launch(layerHost(config)).pipe(Effect.provideService(Downfall, downfall))
  return yield* Effect.raceFirst(running, Deferred.await(downfall))
}).pipe(
  Effect.tapError((error) => Console.error(`Cliqtel SMS cannot run: ${inWords(error)}`)),
  Effect.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]))
)

NodeRuntime.runMain(host, {
  disableErrorReporting: true,
  // Being told to stop is no failure.
  teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause) ? 0 : 1)
})
