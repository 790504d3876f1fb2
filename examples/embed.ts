// The core in a backend of your own, without a database: replace layerMemory by the PostgreSQL adapter to keep what is sent.
import { makeSandbox } from "@cliqtel/sms-adapters/sandbox"
import { AccountId, Carriers, createSms, E164, layerMemory, Micros, Notifier, RateDeck, Sms } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"

const account = AccountId.make(1)
const storage = layerMemory({
  accounts: [{ id: account, balance: Micros.make(1_000_000n) }],
  numbers: [{ accountId: account, number: E164.make("+31201234567"), carrier: "sandbox" }]
})
const carriers = Layer.effect(
  Carriers,
  Effect.map(makeSandbox({ delayMillis: 5 }), (sandbox) => new Map([["sandbox", sandbox]]))
)
const ports = Layer.mergeAll(storage, carriers, RateDeck.layerMemory, Notifier.layerMemory())

export const main = async () => {
  await using sms = createSms(Sms.layer.pipe(Layer.provide(ports)))
  const [from] = await sms.smsNumbers(1)
  if (from === undefined) throw new Error("the account has no number")

  const { message } = await sms.send(1, { fromNumberId: from.id, to: "+31612345678", body: "Hello from my backend" })
  for (;;) {
    const { message: now, timeline } = await sms.message(1, message.id)
    if (now.status === "delivered") return timeline.map((entry) => entry.status)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

if (import.meta.main) console.log((await main()).join(" -> "))
