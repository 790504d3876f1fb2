/** Values that have broken other hosts. */
import fc from "fast-check"

const nested = (depth: number): unknown => {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

const TEXTS = [
  "",
  " ",
  "NaN",
  "Infinity",
  "-0",
  "null",
  "undefined",
  "__proto__",
  "constructor",
  "1e3",
  "1e400",
  "0x10",
  "0.1",
  "-1",
  "00",
  "+1",
  "１２",
  "9007199254740991",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "123456789012345678901234567890",
  "0.0000001",
  "1000000000000",
  "1,5",
  "'; DROP TABLE numbers; --",
  "' OR '1'='1",
  "%",
  "%s%n",
  "\\",
  '"',
  "`",
  "${1}",
  "{{7*7}}",
  "<script>",
  "../../etc/passwd",
  "\u0000",
  "a\u0000b",
  "\u0001\u0008\u001f\u007f",
  "\r\nX-Injected: 1",
  "\ud800",
  "a\udfffb",
  "\ufeff",
  "\ufffe\uffff",
  "\u202e\u200b\u2028",
  "e\u0301\u0301",
  "\u{1f468}\u200d\u{1f469}",
  "\u{10ffff}",
  "2026-13-45T99:99:99Z",
  "0000-01-01",
  "9999-12-31T23:59:59.999999999+14:00",
  "+275760-09-13T00:00:00Z",
  "+00000000",
  "+999999999999999",
  "x".repeat(300),
  "é".repeat(2000),
  "9".repeat(5000)
]

/** As cursors are, but of places that no page has given. */
const CURSORS = [
  "0.1",
  "999999999999999.1",
  "1.9999999999999999",
  "1795532019175.0",
  "-1.1",
  "1",
  "0",
  "9999999999999999"
]

export const nastyText = fc.oneof(
  {
    arbitrary: fc.constantFrom(...CURSORS.map((place) => Buffer.from(place).toString("base64url"))),
    weight: 1
  },
  { arbitrary: fc.constantFrom(...TEXTS), weight: 4 },
  { arbitrary: fc.string({ unit: "binary", maxLength: 20 }), weight: 1 },
  // None above zero: a small one may be the id of the key that is in use.
  { arbitrary: fc.integer({ min: -5, max: 0 }).map(String), weight: 1 }
)

const NUMBERS = [0, -1, 1.5, 1e-7, 1e21, 1e308, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 63, 2 ** 64]

/** In a JSON body. */
export const nastyJson: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: nastyText, weight: 6 },
  { arbitrary: fc.constantFrom(...NUMBERS, ...NUMBERS.map((one) => -one)), weight: 3 },
  { arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [null], [[]], { length: 1 }), weight: 3 },
  { arbitrary: fc.constantFrom(5, 31, 32, 33, 1000).map(nested), weight: 1 },
  { arbitrary: fc.jsonValue({ maxDepth: 3 }), weight: 1 },
  // Beyond what a body may have; for a batch, beyond what a text may.
  { arbitrary: fc.constant("x".repeat(70_000)), weight: 1 }
)
