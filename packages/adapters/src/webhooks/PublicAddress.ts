/** Which addresses belong to somebody on the Internet, and not to the network that the host is in. */
import ipaddr from "ipaddr.js"

/** Well-formed and public; what carries an IPv4 address inside is judged by that one where it is mapped, else refused. */
export const isPublicAddress = (text: string): boolean => {
  // A zone names an interface of this machine.
  if (text.includes("%") || !ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  return (
    address.range() === "unicast" &&
    !RESERVED.some((block) => address.kind() === block[0].kind() && address.match(block))
  )
}

/** Special-purpose blocks that the library, or an older one of its tables, takes for ordinary ones. */
const RESERVED = [
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.175.48.0/24",
  "::/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "100:0:0:1::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "2620:4f:8000::/48",
  "3fff::/20",
  "5f00::/16",
  "fec0::/10"
].map((block) => ipaddr.parseCIDR(block))
