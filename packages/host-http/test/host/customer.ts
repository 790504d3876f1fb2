/** A customer of its own for a test: a live and a test account, the live one with money, and what they can ask. */
import { Redacted } from "effect"
import { assert } from "vitest"
import type { Answer, CallOptions, TestHost } from "./startHost.ts"

export const ADMIN_TOKEN = "admin-token-of-the-tests"

/** For a host that customers can be opened on. */
export const withAdmin = { adminToken: Redacted.make(ADMIN_TOKEN) }

export interface Caller {
  readonly id: number
  readonly key: string
  call(method: string, path: string, json?: unknown, headers?: CallOptions["headers"]): Promise<Answer>
  balance(): Promise<string>
  entries(): Promise<ReadonlyArray<Answer["body"]>>
}

export interface Customer extends Caller {
  readonly test: Caller
  addNumber(country: string, type: string, number: string, status?: string): Promise<Answer["body"]>
}

export const openCustomer = async (host: TestHost, money = "25"): Promise<Customer> => {
  const admin = async (path: string, json: unknown) => {
    const { body, status } = await host.call("POST", `/api/v1/admin/${path}`, { key: ADMIN_TOKEN, json })
    assert.strictEqual(status, 201, JSON.stringify(body))
    return body
  }
  const { account, api_key, test_api_key } = await admin("accounts", { name: "Customer" })
  if (money !== "0") await admin(`accounts/${account.id}/credits`, { amount: money, reference: "opening" })
  return {
    ...caller(host, account.id, api_key),
    test: caller(host, account.test_account_id, test_api_key),
    addNumber: async (country, type, number, status = "active") =>
      (await admin(`accounts/${account.id}/numbers`, { country, type, number, status })).number
  }
}

export const caller = (host: TestHost, id: number, key: string): Caller => {
  const call: Caller["call"] = (method, path, json, headers = {}) => host.call(method, path, { key, json, headers })
  return {
    id,
    key,
    call,
    balance: async () => (await call("GET", "wallet")).body.wallet.balance,
    entries: async () => (await call("GET", "wallet/entries")).body.entries
  }
}

/** It is this problem, with this title. */
export const assertRefused = ({ body, status }: Answer, expected: readonly [number, string, string]): void =>
  assert.deepStrictEqual([status, body.code, body.title], [...expected], JSON.stringify(body))
