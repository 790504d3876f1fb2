/** `pnpm start`: reads the configuration, runs the host until SIGTERM or SIGINT, and leaves in order. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { startEmbeddedPostgres } from "@cliqtel/sms-adapters/embedded"
import { Cause, Console, Effect, Exit, Layer, Logger, References } from "effect"
import { load } from "./Config.ts"
import { layerHost } from "./Host.ts"
import { inWords } from "./StartError.ts"

// Started by scripts/node.mjs: when that is killed there is nobody left to pass signals on, so we stop as well.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"))

const host = Effect.gen(function* () {
  const config = yield* load
  const server =
    config.databaseUrl === undefined ? yield* startEmbeddedPostgres({ dataDir: config.dataDir }) : undefined
  const databaseUrl = config.databaseUrl ?? server?.url
  if (databaseUrl === undefined) return yield* Effect.die(new Error("there is no database"))
  const running = Layer.launch(layerHost({ ...config, databaseUrl }))
  return yield* server === undefined ? running : Effect.raceFirst(running, server.ended)
}).pipe(
  Effect.scoped,
  Effect.tapError((error) => Console.error(`Cliqtel SMS cannot run: ${inWords(error)}`)),
  Effect.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])),
  // Nobody collects spans here, and each request and statement would make some.
  Effect.provideService(References.TracerEnabled, false)
)

NodeRuntime.runMain(host, {
  disableErrorReporting: true,
  // Being told to stop is no failure.
  teardown: (exit, onExit) => onExit(Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause) ? 0 : 1)
})
