/**
 * A look-up for sockets that gives public addresses alone. It is asked by the connection itself, so what was judged is
 * what is connected to: a name that leads elsewhere a moment later gains nothing.
 */
import { type LookupAddress, type LookupOptions, lookup as systemLookup } from "node:dns"
import type { LookupFunction } from "node:net"
import { isPublicAddress } from "./PublicAddress.ts"

export class PrivateAddress extends Error {
  override readonly name = "PrivateAddress"
}

type LookupAll = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: Array<LookupAddress>) => void
) => void

/** All answers must be public: one that is not tells of a name that is meant to deceive. */
export const guardedLookup =
  (lookup: LookupAll = systemLookup): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [])
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new PrivateAddress("It leads to an address that is not public."), [])
      }
      if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
