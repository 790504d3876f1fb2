/** Texts of our own making that no client is to see: stack traces, SQL, tables, files. */
import type { WireAnswer, WireRequest } from "./wire.ts"

/** What a request had itself may be in its answer. */
export const leakFinder = (tables: ReadonlyArray<string>) => {
  const patterns = [
    /\bat .{1,200}:\d+:\d+/,
    /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM) /,
    new RegExp(`\\bsms\\.(${tables.join("|")})\\b`),
    /(node_modules|file:\/\/|\/packages\/|\/home\/|\/tmp\/|\.[jt]s:\d)/,
    /(SqlError|PgClient|PostgresError|TypeError|SyntaxError|RangeError|undefined is not|\[object )/
  ]
  return ({ body, headers, target }: WireRequest, answer: WireAnswer): ReadonlyArray<string> => {
    const told = `${JSON.stringify(answer.headers)} ${answer.text}`
    return patterns.flatMap((pattern) => {
      const [leak] = pattern.exec(told) ?? []
      if (leak === undefined) return []
      const asked = [target, decoded(target), Buffer.from(body ?? []).toString("utf8"), JSON.stringify(headers)]
      return asked.some((text) => text.includes(leak)) ? [] : [`it tells ${leak}`]
    })
  }
}

const decoded = (target: string): string =>
  target.replaceAll(/%[\da-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
