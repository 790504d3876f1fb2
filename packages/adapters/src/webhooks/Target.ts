/** Which URLs events may be sent to. What a name leads to is judged when it is looked up, at each connection. */
import { isIP } from "node:net"
import { isPublicAddress } from "./PublicAddress.ts"

export interface TargetRules {
  /** Also http, and addresses of one's own network: for trying things out. */
  readonly allowPrivate: boolean
}

export type Target =
  | { readonly _tag: "Allowed"; readonly url: URL }
  /** `reason` goes on from "the address": "must begin with https://". */
  | { readonly _tag: "Refused"; readonly reason: string }

const refused = (reason: string): Target => ({ _tag: "Refused", reason })

export const targetOf = (text: string, { allowPrivate }: TargetRules): Target => {
  if (!URL.canParse(text)) return refused("must be a URL")
  const url = new URL(text)
  const schemes = allowPrivate ? ["https:", "http:"] : ["https:"]
  if (!schemes.includes(url.protocol)) {
    return refused(allowPrivate ? "must begin with https:// or http://" : "must begin with https://")
  }
  if (url.username !== "" || url.password !== "") return refused("must not contain a user name or a password")
  if (url.hash !== "") return refused("must not have a fragment")
  const port = Number(url.port)
  if (!allowPrivate && port !== 0 && port !== 80 && port < 1024) {
    return refused("must have port 443, 80 or one from 1024 on")
  }
  const address = literalOf(url)
  return address !== null && !allowPrivate && !isPublicAddress(address)
    ? refused("must lead to a public address")
    : { _tag: "Allowed", url }
}

/** The parser of URLs has brought every spelling of an address into one form: 127.1, 0x7f.1 and 2130706433 alike. */
const literalOf = ({ hostname }: URL): string | null => {
  const bare = hostname.replace(/^\[|\]$/g, "")
  return isIP(bare) === 0 ? null : bare
}
