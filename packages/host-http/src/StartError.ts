/** Why the host does not start, in words for whoever started it. */
import { Predicate } from "effect"

export const inWords = (error: unknown): string => {
  if (typeof error === "string") return error
  const code = Predicate.hasProperty(error, "cause") ? systemCode(error.cause) : undefined
  if (Predicate.isTagged(error, "ServeError") && code !== undefined) return listening(code)
  return error instanceof Error ? error.message : String(error)
}

const systemCode = (cause: unknown): string | undefined =>
  Predicate.hasProperty(cause, "code") && typeof cause.code === "string" ? cause.code : undefined

const listening = (code: string): string => {
  const where = `${process.env["HOST"] ?? "127.0.0.1"}:${process.env["PORT"] ?? "3000"}`
  switch (code) {
    case "EADDRINUSE":
      return `${where} is in use. Stop what listens there, or choose another port with PORT.`
    case "EADDRNOTAVAIL":
      return `This machine has no address ${where}. Choose one with HOST.`
    case "EACCES":
      return `Listening on ${where} is not allowed. Choose a port above 1023 with PORT.`
    default:
      return `Listening on ${where} failed: ${code}.`
  }
}
