/** Portal sessions over the core in memory, of account 1 and the keys that a test has. */
import { AccountId, Accounts, layerMemory, SCOPES } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { hashApiKey, keyHint } from "../../src/ApiKey.ts"
import { OneClick } from "../../src/OneClick.ts"
import { PortalSessions } from "../../src/PortalSessions.ts"

const accountId = AccountId.make(1)

/** Makes a store of its own at each call. The demo's live key is `demoKey`; it has no test key. */
export const layerMemorySessions = (keys: ReadonlyArray<string>, demoKey: string) =>
  PortalSessions.layer.pipe(
    Layer.provideMerge(
      Layer.effectDiscard(
        Effect.flatMap(Accounts, (accounts) =>
          Effect.forEach(keys, (key) =>
            accounts.addKey({ accountId, name: "k", hash: hashApiKey(key), hint: keyHint(key), scopes: SCOPES })
          )
        )
      )
    ),
    Layer.provideMerge(layerMemory({ accounts: [{ id: accountId, name: "Acme" }] })),
    Layer.provideMerge(
      Layer.succeed(OneClick, { keyHash: (mode) => (mode === "live" ? hashApiKey(demoKey) : undefined) })
    )
  )
