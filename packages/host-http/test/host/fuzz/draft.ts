/** A request before it is written as bytes, and how it is written. */
import type { Operation } from "../document.ts"
import type { WireRequest } from "./wire.ts"

export interface Draft {
  readonly operation: Operation
  /** Texts of the path's parameters, not encoded. */
  readonly path: Readonly<Record<string, string>>
  readonly query: ReadonlyArray<readonly [name: string, value: string]>
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  /** Undefined: no body. */
  readonly json: unknown
}

export const write = ({ headers, json, operation, path, query }: Draft): WireRequest => {
  const place = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(path[name] ?? ""))
  const search = query.map(([name, value]) => `${name}=${encode(value)}`).join("&")
  return {
    method: operation.method,
    target: search === "" ? place : `${place}?${search}`,
    headers: json === undefined ? headers : [...headers, ["content-type", "application/json"]],
    body: json === undefined ? undefined : Buffer.from(JSON.stringify(json))
  }
}

/** A lone surrogate, which encodeURIComponent has no bytes for, in those that it would have. */
const encode = (text: string): string =>
  text.isWellFormed()
    ? encodeURIComponent(text)
    : Array.from(text, (one) => (one.isWellFormed() ? encodeURIComponent(one) : "%ED%A0%80")).join("")
