/** A customer: an account with money and a number that sends. */
import { ADMIN_TOKEN } from "./host.ts"

export interface Sender {
  readonly account: number
  readonly key: string
  readonly number: number
  /** Before the first message, in micro-units. */
  readonly balance: bigint
}

export const openSender = async (host: string, index: number): Promise<Sender> => {
  const { account, api_key: key } = await call(host, "POST", "admin/accounts", { name: `Sender ${index}` })
  await call(host, "POST", `admin/accounts/${account.id}/credits`, { amount: "100000", reference: "opening" })
  await call(host, "PATCH", `admin/accounts/${account.id}`, { rate_limit_per_second: 10_000 })
  const { number } = await call(host, "POST", `admin/accounts/${account.id}/numbers`, {
    number: `+3162000000${index}`,
    country: "NL",
    type: "mobile"
  })
  await call(host, "PUT", `portal/numbers/${number.id}/sms`, { enabled: true }, key)
  return { account: account.id, key, number: number.id, balance: await balanceOf(host, key) }
}

/** What the customer is told to have. */
export const balanceOf = async (host: string, key: string): Promise<bigint> => {
  const { wallet } = await call(host, "GET", "portal/wallet", undefined, key)
  return micros(wallet.balance)
}

const micros = (decimal: string): bigint => {
  const [whole = "", fraction = ""] = decimal.split(".")
  return BigInt(whole + fraction.padEnd(6, "0"))
}

const call = async (
  host: string,
  method: string,
  path: string,
  json?: unknown,
  key = ADMIN_TOKEN
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the host answers
): Promise<any> => {
  const response = await fetch(`${host}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(json === undefined ? {} : { body: JSON.stringify(json) })
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json()
}
