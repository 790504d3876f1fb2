/** What an event is never sent to, in every spelling. */
import { assert, describe, test } from "vitest"
import { isPublicAddress } from "../../src/webhooks/PublicAddress.ts"
import { targetOf } from "../../src/webhooks/Target.ts"

const NOT_PUBLIC: ReadonlyArray<readonly [what: string, address: string]> = [
  ["this network", "0.0.0.0"],
  ["this network, the rest of it", "0.1.2.3"],
  ["private, 10/8", "10.0.0.1"],
  ["shared, 100.64/10", "100.64.0.1"],
  ["shared, its end", "100.127.255.254"],
  ["loopback", "127.0.0.1"],
  ["loopback, its end", "127.255.255.254"],
  ["link-local, and the clouds' metadata", "169.254.169.254"],
  ["private, 172.16/12", "172.16.0.1"],
  ["private, its end", "172.31.255.255"],
  ["protocol assignments, 192.0.0/24", "192.0.0.1"],
  ["documentation, 192.0.2/24", "192.0.2.1"],
  ["6to4 relays, 192.88.99/24", "192.88.99.1"],
  ["private, 192.168/16", "192.168.1.1"],
  ["benchmarks, 198.18/15", "198.18.0.1"],
  ["benchmarks, their end", "198.19.255.255"],
  ["documentation, 198.51.100/24", "198.51.100.1"],
  ["documentation, 203.0.113/24", "203.0.113.1"],
  ["multicast", "224.0.0.1"],
  ["reserved, 240/4", "240.0.0.1"],
  ["broadcast", "255.255.255.255"],
  ["unspecified", "::"],
  ["loopback", "::1"],
  ["loopback, mapped", "::ffff:127.0.0.1"],
  ["private, mapped in hex", "::ffff:a00:1"],
  ["loopback, compatible", "::127.0.0.1"],
  ["discard, 100::/64", "100::1"],
  ["NAT64 of a private address", "64:ff9b::10.0.0.1"],
  ["NAT64 of one's own, 64:ff9b:1::/48", "64:ff9b:1::1"],
  ["Teredo", "2001:0:53aa:64c:0:fbff:fff5:fffe"],
  ["ORCHID", "2001:20::1"],
  ["documentation, 2001:db8::/32", "2001:db8::1"],
  ["documentation, 3fff::/20", "3fff::1"],
  ["6to4 of a private address", "2002:a00:1::1"],
  ["segment routing, 5f00::/16", "5f00::1"],
  ["unique local", "fc00::1"],
  ["unique local, and a cloud's metadata", "fd00:ec2::254"],
  ["link-local", "fe80::1"],
  ["link-local with its zone", "fe80::1%eth0"],
  ["site-local", "fec0::1"],
  ["multicast", "ff02::1"],
  ["no address", "example.com"],
  ["nothing", ""]
]

const PUBLIC = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "192.167.1.1", "223.255.255.254"]
const PUBLIC_6 = ["2606:4700:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8", "2620:fe::fe"]

describe("an address", () => {
  for (const [what, address] of NOT_PUBLIC) {
    test(`is not public: ${what} (${address})`, () => assert.isFalse(isPublicAddress(address)))
  }
  for (const address of [...PUBLIC, ...PUBLIC_6]) {
    test(`is public: ${address}`, () => assert.isTrue(isPublicAddress(address)))
  }
})

const REFUSED: ReadonlyArray<readonly [what: string, url: string]> = [
  ["plain http", "http://example.com/"],
  ["another scheme", "ftp://example.com/"],
  ["a file", "file:///etc/passwd"],
  ["a script", "javascript:alert(1)"],
  ["no URL", "example.com/hook"],
  ["nothing", ""],
  ["a user", "https://user@example.com/"],
  ["a password", "https://:secret@example.com/"],
  ["a fragment", "https://example.com/#here"],
  ["a low port", "https://example.com:22/"],
  ["the port of a mail server", "https://example.com:25/"],
  ["the highest of the low ports", "https://example.com:1023/"],
  ["loopback as a number", "https://2130706433/"],
  ["loopback in hex", "https://0x7f000001/"],
  ["loopback in hex and parts", "https://0x7f.1/"],
  ["loopback in octal", "https://0177.0.0.1/"],
  ["loopback in short", "https://127.1/"],
  ["loopback in other digits", "https://①②⑦.⓪.⓪.①/"],
  ["loopback with a dot at its end", "https://127.0.0.1./"],
  ["loopback, escaped", "https://%31%32%37.0.0.1/"],
  ["loopback with ideographic dots", "https://127。0。0。1/"],
  ["loopback, IPv6", "https://[::1]/"],
  ["loopback, IPv6 in full", "https://[0:0:0:0:0:0:0:1]/"],
  ["loopback, mapped", "https://[::ffff:127.0.0.1]/"],
  ["metadata", "https://169.254.169.254/latest/meta-data"],
  ["metadata, mapped", "https://[::ffff:a9fe:a9fe]/"],
  ["unique local", "https://[fd00:ec2::254]/"],
  ["anywhere at all", "https://0/"]
]

const ALLOWED = [
  "https://example.com",
  "https://example.com/hook?account=1",
  "https://example.com:443/",
  "https://example.com:80/",
  "https://example.com:8443/",
  "https://8.8.8.8/",
  "https://[2606:4700:4700::1111]/"
]

describe("a target", () => {
  for (const [what, url] of REFUSED) {
    test(`is refused: ${what}`, () => assert.strictEqual(targetOf(url, { allowPrivate: false })._tag, "Refused"))
  }
  for (const url of ALLOWED) {
    test(`is allowed: ${url}`, () => assert.strictEqual(targetOf(url, { allowPrivate: false })._tag, "Allowed"))
  }
  test("may be anything over HTTP where private ones are allowed, but with no user", () => {
    const tag = (url: string) => targetOf(url, { allowPrivate: true })._tag
    assert.deepStrictEqual(
      ["http://127.0.0.1:3001/", "https://localhost:22/", "ftp://localhost/", "http://user@localhost/"].map(tag),
      ["Allowed", "Allowed", "Refused", "Refused"]
    )
  })
})
