import { expect, it } from "vitest"
import { urlFault } from "../../src/webhooks/urlFault.ts"

it.each([
  ["https://example.com/sms", null],
  ["https://example.com:8443/sms?from=cliqtel", null],
  ["http://127.0.0.1:4000/", null],
  ["", "urlWrong"],
  ["example.com/sms", "urlWrong"],
  ["mailto:me@example.com", "urlWrong"],
  ["javascript:alert(1)", "urlWrong"],
  ["https://me:secret@example.com/", "urlSecret"],
  ["https://me@example.com/", "urlSecret"],
  ["https://example.com/#sms", "urlFragment"]
])("The address %j: %j", (text, fault) => {
  expect(urlFault(text)).toBe(fault)
})
