import { type InfiniteData, QueryClient, QueryObserver } from "@tanstack/react-query"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Page } from "../../src/live/applyChange.ts"
import { type Changes, hearChanges, showChange } from "../../src/live/changes.ts"
import { messageOf } from "../sms/messageOf.ts"

const ALL = ["messages", "list", {}]
const INBOUND = ["messages", "list", { direction: "inbound" }]

const listOf = (...ids: ReadonlyArray<number>): InfiniteData<Page> => ({
  pages: [{ messages: ids.map((id) => messageOf({ id })), next_cursor: null }],
  pageParams: [null]
})

describe("hearChanges", () => {
  let client: QueryClient
  let changes: Changes

  beforeEach(() => {
    client = new QueryClient()
    changes = hearChanges(client)
  })
  afterEach(() => {
    changes.stop()
    client.clear()
  })

  const idsOf = (key: ReadonlyArray<unknown>) =>
    client.getQueryData<InfiniteData<Page>>(key)?.pages.flatMap(({ messages }) => messages.map(({ id }) => id))

  it("shows a message in each list that has it", () => {
    client.setQueryData(ALL, listOf(2, 1))
    client.setQueryData(INBOUND, listOf())
    changes.hear(messageOf({ id: 3 }))
    expect(idsOf(ALL)).toEqual([3, 2, 1])
    expect(idsOf(INBOUND)).toEqual([])
  })

  it("keeps a message that came while a list was read, though the answer does not have it", async () => {
    const answer = Promise.withResolvers<InfiniteData<Page>>()
    const read = client.fetchQuery({ queryKey: ALL, queryFn: () => answer.promise })
    changes.hear(messageOf({ id: 3 }))
    const shown = Promise.withResolvers<void>()
    const stop = client.getQueryCache().subscribe(() => {
      if (idsOf(ALL)?.length === 3) shown.resolve()
    })
    answer.resolve(listOf(2, 1))
    await read
    await shown.promise
    stop()
    expect(idsOf(ALL)).toEqual([3, 2, 1])
  })

  it("has the page of that message read it again", async () => {
    let times = 0
    const read = Promise.withResolvers<void>()
    const page = new QueryObserver(client, {
      queryKey: ["messages", "one", "3"],
      queryFn: () => {
        if (++times === 2) read.resolve()
        return times
      }
    })
    const first = Promise.withResolvers<void>()
    const leave = page.subscribe(({ data }) => {
      if (data === 1) first.resolve()
    })
    await first.promise
    showChange(client, messageOf({ id: 3 }))
    await read.promise
    leave()
    expect(times).toBe(2)
  })

  it.each([
    ["hears of it", () => changes.hear(messageOf({ id: 3 }))],
    ["hears of it twice", () => [3, 3].forEach((id) => changes.hear(messageOf({ id })))],
    ["begins to hear", () => changes.begun()]
  ])("reads a message once more where it %s while it is read for the first time", async (_, happens) => {
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
    let times = 0
    const page = new QueryObserver(client, {
      queryKey: ["messages", "one", "3"],
      queryFn: () => answers[times++]?.promise ?? "too often"
    })
    const seen: Array<string> = []
    const now = Promise.withResolvers<void>()
    const leave = page.subscribe(({ data }) => {
      if (data === undefined || seen.at(-1) === data) return
      seen.push(data)
      if (data !== "before") now.resolve()
    })
    happens()
    answers[0]?.resolve("before")
    answers[1]?.resolve("now")
    await now.promise
    await Promise.resolve()
    leave()
    expect({ seen, times }).toEqual({ seen: ["before", "now"], times: 2 })
  })
})
