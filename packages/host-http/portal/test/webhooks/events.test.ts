import { expect, it } from "vitest"
import { EVENT_GROUPS, EVENT_TEXTS } from "../../src/webhooks/events.ts"

it("Each event can be chosen, in one group", () => {
  const offered: ReadonlyArray<string> = EVENT_GROUPS.flatMap(({ events }): ReadonlyArray<string> => events)
  expect(offered.toSorted()).toEqual(Object.keys(EVENT_TEXTS).toSorted())
})
