import { expect, test } from "vitest"
import { subjectOf } from "../../src/wallet/reference.ts"

test.each([
  ["message:156", { about: "message", id: "156" }],
  ["top_up:3", { about: "topUp", id: "3" }],
  ["number:2:sms:2026-11-28T18:20:13.735Z", { about: "number", id: "2" }],
  ["order:7:number:12", { about: "number", id: "12" }],
  ["demo", { about: "other" }],
  ["credit:message:156", { about: "other" }],
  ["message:156:x", { about: "other" }],
  ["", { about: "other" }]
])("%j", (reference, subject) => {
  expect(subjectOf(reference)).toEqual(subject)
})
