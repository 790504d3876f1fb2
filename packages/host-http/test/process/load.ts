/** Customers who send, and repeat each request under its idempotency key until it is accepted. */
import { ADMIN_TOKEN, pause } from "./fleet.ts"

export interface Sender {
  readonly account: number
  readonly key: string
  readonly number: number
}

export interface Accepted {
  readonly account: number
  readonly id: number
  readonly body: string
}

export const mishaps = ["refused", "reset", "unavailable", "in progress", "limited", "replayed"] as const

export type Mishap = (typeof mishaps)[number]

const post = (url: string, key: string, json: unknown, headers: Record<string, string> = {}, method = "POST") =>
  fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(json)
  })

/** An account with money and a number that sends. */
export const openSender = async (host: string, index: number): Promise<Sender> => {
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the host answers
  const call = async (method: string, path: string, json: unknown, key = ADMIN_TOKEN): Promise<any> => {
    const response = await post(`${host}/api/v1/${path}`, key, json, {}, method)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  const { account, api_key: key } = await call("POST", "admin/accounts", { name: `Sender ${index}` })
  await call("POST", `admin/accounts/${account.id}/credits`, { amount: "100000", reference: "opening" })
  await call("PATCH", `admin/accounts/${account.id}`, { rate_limit_per_second: 10_000 })
  const { number } = await call("POST", `admin/accounts/${account.id}/numbers`, {
    number: `+3162000000${index}`,
    country: "NL",
    type: "mobile"
  })
  await call("PUT", `portal/numbers/${number.id}/sms`, { enabled: true }, key)
  return { account: account.id, key, number: number.id }
}

export interface Load {
  readonly accepted: ReadonlyArray<Accepted>
  readonly mishaps: ReadonlyMap<Mishap, number>
  /** No new message; resolves when each one that was begun is accepted. */
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly hosts: ReadonlyArray<string>
  readonly senders: ReadonlyArray<Sender>
  readonly clients: number
  readonly pauseMillis: number
  readonly random: () => number
}

const ASKED_MILLIS = 30_000

export const startLoad = ({ clients, hosts, pauseMillis, random, senders }: LoadOptions): Load => {
  const accepted: Array<Accepted> = []
  const counts = new Map<Mishap, number>(mishaps.map((mishap) => [mishap, 0]))
  const hit = (mishap: Mishap) => void counts.set(mishap, (counts.get(mishap) ?? 0) + 1)
  const pick = <A>(all: ReadonlyArray<A>): A => {
    const one = all[Math.floor(random() * all.length)]
    if (one === undefined) throw new Error("nothing to pick from")
    return one
  }
  const state = { stopped: false }
  let begun = 0

  /** The message's id, or undefined: ask again. */
  const ask = async ({ key, number }: Sender, name: string): Promise<number | undefined> => {
    let response: Response
    let text: string
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
    if (response.ok) {
      if (response.headers.get("idempotent-replayed") === "true") hit("replayed")
      return JSON.parse(text).message.id
    }
    if (response.status === 503) hit("unavailable")
    else if (response.status === 429) hit("limited")
    else if (response.status === 409 && text.includes("idempotency_in_progress")) hit("in progress")
    else throw new Error(`${name} was answered ${response.status}: ${text}`)
    return undefined
  }

  const sendOne = async () => {
    const sender = pick(senders)
    const body = `chaos-${++begun}`
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
  // Its failure is told by stop.
  const all = Promise.all(Array.from({ length: clients }, client))
  all.catch(() => (state.stopped = true))

  return {
    accepted,
    mishaps: counts,
    stop: async () => {
      state.stopped = true
      await all
    }
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error &&
  (("code" in error && error.code === "ECONNREFUSED") || (error.cause !== undefined && isRefused(error.cause)))
