import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { applyChange, isListed, type Page } from "../../src/live/applyChange.ts"
import type { Message, MessageFilters } from "../../src/sms/messages.ts"
import { messageOf } from "../sms/messageOf.ts"

const PEOPLE = ["+31612345678", "+447700900123"]
const STATUSES = ["queued", "sent", "delivered", "failed"] as const

/** Few moments, so that many messages share one. */
const moment = fc.integer({ min: 10, max: 25 }).map((second) => `2026-04-03T10:15:${second}.000000Z`)

const born = fc.record({
  created_at: moment,
  status: fc.constantFrom(...STATUSES),
  direction: fc.constantFrom("outbound" as const, "inbound" as const),
  number_id: fc.constantFrom(1, 4),
  to: fc.constantFrom(...PEOPLE)
})

const anyFilters: fc.Arbitrary<MessageFilters> = fc.record(
  {
    direction: fc.constantFrom("outbound" as const, "inbound" as const),
    number_id: fc.constantFrom("1", "4"),
    status: fc.constantFrom(...STATUSES),
    contact: fc.constantFrom(...PEOPLE),
    since: moment,
    until: moment
  },
  { requiredKeys: [] }
)

/** Most lists have no filter or one: of many together hardly a message is left. */
const filters = fc.oneof(
  fc.constant({}),
  fc.record({ status: fc.constantFrom(...STATUSES) }),
  fc.record({ contact: fc.constantFrom(...PEOPLE) }),
  anyFilters
)

/** A message that is made, or another status of one of those that exist; each is heard of once or more often. */
const step = fc.record({
  born: fc.option(born, { nil: undefined, freq: 1 }),
  which: fc.nat(),
  status: fc.constantFrom(...STATUSES),
  times: fc.integer({ min: 1, max: 3 })
})

const newestFirst = (one: Message, other: Message): number =>
  one.created_at === other.created_at ? other.id - one.id : one.created_at < other.created_at ? 1 : -1

const at = (tick: number): string => `2026-04-03T11:00:00.${String(tick).padStart(6, "0")}Z`

const pagesOf = (listed: ReadonlyArray<Message>, size: number, loaded: number): ReadonlyArray<Page> => {
  const pages: Array<Page> = []
  for (let start = 0; pages.length < loaded && (start < listed.length || start === 0); start += size) {
    const isLast = start + size >= listed.length
    pages.push({ messages: listed.slice(start, start + size), next_cursor: isLast ? null : `after-${start + size}` })
  }
  return pages
}

const world = fc.record({
  filters,
  before: fc.array(born, { maxLength: 30, size: "max" }),
  size: fc.integer({ min: 1, max: 6 }),
  loaded: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(step, { maxLength: 40, size: "max" })
})

type World = typeof world extends fc.Arbitrary<infer W> ? W : never

/** Plays the changes to pages that were read before them, and to the host's own table. */
const play = ({ before, filters, loaded, size, steps }: World) => {
  const table = before.map((born, id) => messageOf({ id, ...born, updated_at: at(0) }))
  let pages = pagesOf(table.filter((message) => isListed(filters, message)).sort(newestFirst), size, loaded)
  const last = pages.at(-1)
  const end = last?.next_cursor === null ? undefined : last?.messages.at(-1)
  for (const [tick, { born, status, times, which }] of steps.entries()) {
    const id = born === undefined ? which % Math.max(1, table.length) : table.length
    const earlier = table[id]
    if (born === undefined && earlier === undefined) continue
    const message = messageOf({
      ...(earlier ?? { id, ...born }),
      id,
      ...(earlier && { status }),
      updated_at: at(tick + 1)
    })
    table[id] = message
    for (let time = 0; time < times; time++) pages = applyChange(pages, filters, message)
  }
  const expected = table
    .filter((message) => isListed(filters, message) && (end === undefined || newestFirst(message, end) <= 0))
    .sort(newestFirst)
  return { pages, expected }
}

describe("applyChange", () => {
  it("lists what the host would list down to where it was read: newest first, each message once, as it is now", () => {
    fc.assert(
      fc.property(world, (world) => {
        const { expected, pages } = play(world)
        expect(pages.flatMap(({ messages }) => messages)).toEqual(expected)
      }),
      { numRuns: 2000 }
    )
  })

  it("leaves the way to older pages as it was", () => {
    fc.assert(
      fc.property(world, (world) => {
        const cursors = (pages: ReadonlyArray<Page>) => pages.map(({ next_cursor }) => next_cursor)
        expect(cursors(play(world).pages)).toEqual(cursors(play({ ...world, steps: [] }).pages))
      })
    )
  })

  it("changes nothing when the same is heard again", () => {
    fc.assert(
      fc.property(world, fc.nat(), (world, which) => {
        const { pages } = play(world)
        const messages = pages.flatMap(({ messages }) => messages)
        const message = messages[which % Math.max(1, messages.length)]
        fc.pre(message !== undefined)
        expect(applyChange(pages, world.filters, message).map(({ messages }) => messages)).toEqual(
          pages.map(({ messages }) => messages)
        )
      })
    )
  })

  it("believes the newer of two pieces of news, in whatever order they come", () => {
    const sent = messageOf({ id: 1, status: "sent", updated_at: at(1) })
    const delivered = messageOf({ id: 1, status: "delivered", updated_at: at(2) })
    const pages = [{ messages: [delivered], next_cursor: null }]
    expect(applyChange(pages, {}, sent)).toEqual(pages)
  })

  it("draws again only the page that has changed", () => {
    const [newest, oldest] = pagesOf(
      [2, 1].map((id) => messageOf({ id })),
      1,
      2
    )
    if (newest === undefined || oldest === undefined) throw new Error("There are two pages")
    const [first, second] = applyChange([newest, oldest], {}, messageOf({ id: 3 }))
    expect(first?.messages.map(({ id }) => id)).toEqual([3, 2])
    expect(second).toBe(oldest)
  })
})
