import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { assertProblem, post, SEND, valid } from "./calls.ts"
import { type FakeHost, startHost } from "./fakeHost.ts"

let host: FakeHost
beforeAll(async () => {
  host = await startHost()
})
afterAll(() => host.stop())

const BATCH = "/api/v1/portal/sms/batch"
const { body: _, ...withoutBody } = valid

const refused: ReadonlyArray<readonly [name: string, body: unknown, errors: ReadonlyArray<readonly [string, string]>]> =
  [
    ["null", "null", [["", "must be an object"]]],
    ["an array", "[]", [["", "must be an object"]]],
    ["a text", '"x"', [["", "must be an object"]]],
    ["a number", "5", [["", "must be an object"]]],
    [
      "nothing in it",
      {},
      [
        ["from_number_id", "is required"],
        ["to", "is required"],
        ["body", "is required"]
      ]
    ],
    ["no body", withoutBody, [["body", "is required"]]],
    ["a body that is null", { ...valid, body: null }, [["body", "must be a string"]]],
    ["a body that is a number", { ...valid, body: 5 }, [["body", "must be a string"]]],
    ["an empty body", { ...valid, body: "" }, [["body", "must not be empty"]]],
    ["1,601 characters", { ...valid, body: "x".repeat(1601) }, [["body", "must be at most 1600 characters"]]],
    ["1,601 emoji", { ...valid, body: "😀".repeat(1601) }, [["body", "must be at most 1600 characters"]]],
    ["U+0000", { ...valid, body: "a\u0000b" }, [["body", "must not contain the character U+0000"]]],
    [
      "a lone surrogate",
      '{"from_number_id":42,"to":"+31612345678","body":"a\\ud800b"}',
      [["body", "must be well-formed Unicode; it has a lone surrogate"]]
    ],
    ["a recipient that is a number", { ...valid, to: 31612345678 }, [["to", "must be a string"]]],
    ["a recipient that is a list", { ...valid, to: ["+31612345678"] }, [["to", "must be a string"]]],
    ...["42", 4.5, 0, -1, 2 ** 53, 1e300, true, null, [], {}].map(
      (from_number_id) =>
        [
          `a number id that is ${JSON.stringify(from_number_id)}`,
          { ...valid, from_number_id },
          [["from_number_id", "must be a positive integer"]]
        ] as const
    )
  ]

describe("422: a send with", () => {
  for (const [name, body, errors] of refused) {
    test(name, async () => {
      const answer = await post(host, SEND, body)
      assertProblem(answer, 422, "validation_failed")
      assert.deepStrictEqual(
        answer.json.errors,
        errors.map(([path, message]) => ({ path, message }))
      )
    })
  }
})

describe("a send is taken with", () => {
  const taken: ReadonlyArray<readonly [name: string, body: unknown, sent: string]> = [
    ["1,600 characters", { ...valid, body: "x".repeat(1600) }, "x".repeat(1600)],
    ["1,600 emoji, which are 3,200 code units", { ...valid, body: "😀".repeat(1600) }, "😀".repeat(1600)],
    ["white space alone", { ...valid, body: " \n" }, " \n"],
    ["a key given twice, of which the last counts", JSON.stringify(valid).replace("}", ',"body":"last"}'), "last"],
    ["an id written as 4.2e1", JSON.stringify(valid).replace("42", "4.2e1"), valid.body],
    ["prototype keys", JSON.stringify(valid).replace("}", ',"__proto__":{"to":5},"constructor":1}'), valid.body]
  ]
  for (const [name, body, sent] of taken) {
    test(name, async () => {
      const answer = await post(host, SEND, body)
      assert.strictEqual(answer.status, 201, answer.text)
      assert.strictEqual(answer.json.message.body, sent)
    })
  }
})

describe("media", () => {
  for (const media of [{ media: [] }, { media_urls: ["https://example.com/a.png"] }, { media: null }]) {
    test(`422: ${JSON.stringify(media)}, even where more is wrong`, async () => {
      assertProblem(await post(host, SEND, { ...valid, ...media }), 422, "media_not_supported")
      assertProblem(await post(host, SEND, { ...media }), 422, "media_not_supported")
    })
  }
})

describe("a batch", () => {
  test("has a problem in the place of each message that is none, and sends the others", async () => {
    const answer = await post(host, BATCH, {
      messages: [valid, { ...valid, to: 5 }, "x", { ...valid, body: "" }, { ...valid, media: [] }, valid]
    })
    assert.strictEqual(answer.status, 200)
    const codes = answer.json.results.map(({ code = "sent" }: { code?: string }) => code)
    assert.deepStrictEqual(codes, [
      "sent",
      "validation_failed",
      "validation_failed",
      "validation_failed",
      "media_not_supported",
      "sent"
    ])
    assert.deepStrictEqual(answer.json.results[1].errors, [{ path: "to", message: "must be a string" }])
    assert.deepStrictEqual(answer.json.results[2].errors, [{ path: "", message: "must be an object" }])
    assert.strictEqual(answer.json.results[1].request_id, answer.headers.get("x-request-id"))
  })

  test("has 1 to 1,000 messages", async () => {
    const errors = async (count: number) =>
      (await post(host, BATCH, { messages: Array.from({ length: count }, () => valid) })).json.errors
    assert.deepStrictEqual(await errors(0), [{ path: "messages", message: "must have at least 1 message" }])
    assert.deepStrictEqual(await errors(1001), [{ path: "messages", message: "must have at most 1000 messages" }])
    assert.isUndefined(await errors(1000))
    assertProblem(await post(host, BATCH, { messages: {} }), 422, "validation_failed")
    assertProblem(await post(host, BATCH, {}), 422, "validation_failed")
  })
})
