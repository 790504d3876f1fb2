/** A host that is stopped in the middle of submits. */
import type { Fleet } from "./fleet.ts"
import type { ProcessHost } from "./host.ts"
import { refOf } from "./judge.ts"
import { pause, until } from "./until.ts"

/** A lease of that host, which has handed the message to the carrier and not written back what it was told. */
export interface Held {
  readonly account: number
  readonly id: number
  readonly token: string
  readonly attempt: number
}

/** Sends it SIGSTOP at a moment when it holds that many leases at least, and gives them. */
export const stopInTheAct = (fleet: Fleet, host: ProcessHost, least: number): Promise<ReadonlyArray<Held>> =>
  until(
    `${host.name} has ${least} submits under way`,
    async () => {
      host.signal("SIGSTOP")
      const held = await steady(() => heldBy(fleet, host.name))
      if (held.length >= least) return held
      host.signal("SIGCONT")
      // Another moment than this one.
      await pause(50 + Math.random() * 250)
      return undefined
    },
    { every: 0 }
  )

/** By its attempt a lease is known to be the one under which the carrier was called. */
const heldBy = async ({ database, simulator }: Fleet, name: string): Promise<ReadonlyArray<Held>> => {
  const leased = await database.query<Held>(`
    SELECT account_id::int AS account, message_id::int AS id, token::text, attempt FROM sms.dispatches
    WHERE state = 'leased' ORDER BY message_id`)
  const { messages } = await simulator.log()
  const attempts = new Set(
    messages.flatMap(({ clientRef, submits }) =>
      submits.flatMap(({ attempt, by }) => (by === name ? [`${clientRef} ${attempt}`] : []))
    )
  )
  return leased.filter((one) => attempts.has(`${refOf(one)} ${one.attempt}`))
}

/** What the host had sent to the database before it was stopped is carried out yet: until nothing of it changes any more. */
const steady = async (look: () => Promise<ReadonlyArray<Held>>): Promise<ReadonlyArray<Held>> => {
  let before = await look()
  for (;;) {
    await pause(1000)
    const after = await look()
    if (JSON.stringify(after) === JSON.stringify(before)) return after
    before = after
  }
}
