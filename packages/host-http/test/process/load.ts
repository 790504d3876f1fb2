/**
 * Customers who send, and repeat each request under its idempotency key until it is accepted. An answer that no customer
 * should ever get ends the load, and whoever waits for it is told.
 */
import type { Sender } from "./sender.ts"
import { pause, until } from "./until.ts"

export interface Accepted {
  readonly account: number
  readonly id: number
  readonly body: string
}

export const mishaps = ["refused", "reset", "unavailable", "in progress", "limited", "replayed"] as const

/** What came instead of a first acceptance. */
export type Mishap = (typeof mishaps)[number]

export interface Load {
  readonly accepted: ReadonlyArray<Accepted>
  readonly mishaps: ReadonlyMap<Mishap, number>
  /** The longest that any answer took, in milliseconds. */
  readonly slowest: () => number
  /** Once so many more were accepted. */
  more(count: number): Promise<void>
  /** Once so many more had this mishap. */
  meets(mishap: Mishap, count?: number): Promise<void>
  /** No new message; resolves when each one that was begun is accepted. */
  stop(): Promise<void>
}

export interface LoadOptions {
  /** What its messages' names begin with: another one for each load on the same accounts. */
  readonly name?: string
  readonly hosts: ReadonlyArray<string>
  readonly senders: ReadonlyArray<Sender>
  readonly clients: number
  readonly pauseMillis: number
  readonly random: () => number
}

/** Well beyond the 25 s within which the host promises an answer. */
const ASKED_MILLIS = 40_000

export const startLoad = ({
  clients,
  hosts,
  name: prefix = "message",
  pauseMillis,
  random,
  senders
}: LoadOptions): Load => {
  const accepted: Array<Accepted> = []
  const counts = new Map<Mishap, number>(mishaps.map((mishap) => [mishap, 0]))
  const count = (mishap: Mishap) => counts.get(mishap) ?? 0
  const hit = (mishap: Mishap) => void counts.set(mishap, count(mishap) + 1)
  const pick = <A>(all: ReadonlyArray<A>): A => {
    const one = all[Math.floor(random() * all.length)]
    if (one === undefined) throw new Error("nothing to pick from")
    return one
  }
  const state: { stopped: boolean; failure: unknown } = { stopped: false, failure: undefined }
  let begun = 0
  let slowest = 0

  /** The message's id, or undefined: ask again. */
  const ask = async ({ key, number }: Sender, name: string): Promise<number | undefined> => {
    let response: Response
    let text: string
    const asked = performance.now()
    try {
      response = await fetch(`${pick(hosts)}/api/v1/portal/sms/send`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": name },
        body: JSON.stringify({ from_number_id: number, to: "+31612345678", body: name }),
        signal: AbortSignal.timeout(ASKED_MILLIS)
      })
      text = await response.text()
    } catch (error) {
      hit(isRefused(error) ? "refused" : "reset")
      return undefined
    }
    slowest = Math.max(slowest, performance.now() - asked)
    if (response.ok) {
      if (response.headers.get("idempotent-replayed") === "true") hit("replayed")
      return JSON.parse(text).message.id
    }
    if (isUnavailable(response, text)) hit("unavailable")
    else if (response.status === 429) hit("limited")
    else if (response.status === 409 && text.includes("idempotency_in_progress")) hit("in progress")
    else throw new Error(`${name} was answered ${told(response, text)}`)
    return undefined
  }

  const sendOne = async () => {
    const sender = pick(senders)
    const body = `${prefix}-${++begun}`
    let id = await ask(sender, body)
    while (id === undefined) {
      await pause(100 + random() * 200)
      id = await ask(sender, body)
    }
    accepted.push({ account: sender.account, id, body })
    // What was accepted is answered the same for ever, by whichever host.
    const again = random() < 0.05 ? await ask(sender, body) : id
    if (again !== undefined && again !== id) throw new Error(`${body} is message ${id} and message ${again}`)
  }

  const client = async () => {
    while (!state.stopped) {
      await sendOne()
      await pause(random() * pauseMillis)
    }
  }
  const all = Promise.all(Array.from({ length: clients }, client))
  all.catch((failure: unknown) => {
    state.stopped = true
    state.failure = failure
  })

  const reaches = (what: string, value: () => number, goal: number) =>
    until(
      () => `${goal} ${what}, there are ${value()}`,
      () => {
        if (state.failure !== undefined) throw state.failure
        return value() >= goal
      }
    )

  return {
    accepted,
    mishaps: counts,
    slowest: () => slowest,
    more: async (more) => {
      await reaches("accepted", () => accepted.length, accepted.length + more)
    },
    meets: async (mishap, more = 1) => {
      await reaches(mishap, () => count(mishap), count(mishap) + more)
    },
    stop: async () => {
      state.stopped = true
      await all
    }
  }
}

/** Throws if it is a 503 that does not say when to come again, or is not in the form of a problem. */
const isUnavailable = (response: Response, text: string): boolean => {
  if (response.status !== 503) return false
  const again = /^[1-9]\d*$/.test(response.headers.get("retry-after") ?? "")
  const form = response.headers.get("content-type")?.startsWith("application/problem+json") === true
  if (!again || !form || JSON.parse(text).code !== "unavailable") throw new Error(told(response, text))
  return true
}

const told = (response: Response, text: string): string =>
  `${response.status} ${JSON.stringify([...response.headers])}: ${text}`

const isRefused = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && error.code === "ECONNREFUSED") || (error.cause !== undefined && isRefused(error.cause)))
