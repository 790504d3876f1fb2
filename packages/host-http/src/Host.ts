/** The whole host, from the database to the socket. Wiring only. */
import * as Catalogue from "@cliqtel/sms-adapters/catalogue"
import * as Postgres from "@cliqtel/sms-adapters/postgres"
import { layerWebhookSender } from "@cliqtel/sms-adapters/webhooks"
import { layerSandboxNumbers, layerSandboxPayments } from "@cliqtel/sms-adapters/sandbox"
import { layerDesk, LiveUpdates, Notifier, Sms } from "@cliqtel/sms-core"
import { Effect, Layer, Redacted } from "effect"
import { HttpServer } from "effect/http"
import { AdminToken } from "./AdminAuthentication.ts"
import { hashApiKey } from "./ApiKey.ts"
import { announce } from "./Announce.ts"
import type { HostConfig } from "./Config.ts"
import { layerCarriers } from "./ConnectedCarriers.ts"
import { layerDatabase, layerReadiness } from "./Database.ts"
import { seedDemo } from "./Demo.ts"
import { layerDefaultCarrier } from "./DefaultCarrier.ts"
import { type DemoKeys, demoKeys } from "./DemoKeys.ts"
import { layerAdmin } from "./handlers/Admin.ts"
import { layerCoverage } from "./handlers/Coverage.ts"
import { layerApiKeys } from "./handlers/Keys.ts"
import { layerLive } from "./handlers/Live.ts"
import { layerNumbers } from "./handlers/Numbers.ts"
import { layerOptOuts } from "./handlers/OptOuts.ts"
import { layerSandbox } from "./handlers/Sandbox.ts"
import { layerSession } from "./handlers/Session.ts"
import { layerSms } from "./handlers/Sms.ts"
import { layerWallet } from "./handlers/Wallet.ts"
import { layerWebhooks } from "./handlers/Webhooks.ts"
import { layerHttp } from "./Http.ts"
import { layerKeys } from "./Keys.ts"
import { OneClick } from "./OneClick.ts"
import { PortalSessions } from "./PortalSessions.ts"

interface WithDatabase {
  readonly databaseUrl: Redacted.Redacted<string>
}

/** Built from the bottom up, so the port opens last, and is closed first. */
export const layerHost = (config: HostConfig & WithDatabase) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const keys = config.demo ? yield* demoKeys(config) : undefined
      return layerAnnounced(config, keys === undefined ? undefined : yield* seedDemo(keys))
    })
  ).pipe(Layer.provide(layerCore(config)))

const layerAnnounced = (config: HostConfig, keys: Parameters<typeof announce>[1]) =>
  Layer.effectDiscard(Effect.flatMap(HttpServer.HttpServer, ({ address }) => announce(address, keys))).pipe(
    Layer.provideMerge(
      layerHttp(
        Layer.mergeAll(
          layerSms,
          layerLive,
          layerOptOuts,
          layerNumbers,
          layerWallet,
          layerApiKeys,
          layerWebhooks,
          layerSandbox,
          layerCoverage,
          layerSession,
          layerAdmin
        ),
        config
      ).pipe(
        Layer.provide(PortalSessions.layer),
        Layer.provide([
          layerKeys,
          layerOneClick(keys),
          layerReadiness,
          layerDefaultCarrier(config),
          Layer.succeed(AdminToken, { token: config.adminToken })
        ])
      )
    )
  )

const layerOneClick = (keys: DemoKeys | undefined) => {
  const hashes = keys && {
    live: hashApiKey(Redacted.value(keys.live.key)),
    test: hashApiKey(Redacted.value(keys.test.key))
  }
  return Layer.succeed(OneClick, { keyHash: (mode) => hashes?.[mode] })
}

const layerCore = (config: HostConfig & WithDatabase) =>
  Layer.mergeAll(layerDesk, LiveUpdates.layer, Postgres.layerHousekeeping).pipe(
    Layer.provideMerge(Sms.layer),
    Layer.provideMerge([
      layerSandboxNumbers(),
      layerSandboxPayments({ live: config.demo }),
      layerWebhookSender({ allowPrivate: config.webhooksAllowPrivate })
    ]),
    Layer.provideMerge([
      Postgres.layer,
      Notifier.layerMemory(),
      layerCarriers(config),
      Catalogue.layer(config.catalogueFile === undefined ? {} : { file: config.catalogueFile })
    ]),
    Layer.provideMerge(Postgres.layerMigrations),
    Layer.provideMerge(layerDatabase(config.databaseUrl, config.databaseConnections))
  )
