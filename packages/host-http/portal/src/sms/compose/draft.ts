/** A message that is being written, and the name that its sending has: one name for one content. */

export interface Draft {
  /** Id of an own number; undefined until one is chosen. */
  readonly from: number | undefined
  readonly to: string
  readonly body: string
}

export const EMPTY: Draft = { from: undefined, to: "", body: "" }

/** A sending whose end is not known: the same content goes out again under the same key, so it goes out once. */
export interface Attempt extends Draft {
  readonly key: string
}

export const isSame = (one: Draft, other: Draft): boolean =>
  one.from === other.from && one.to === other.to && one.body === other.body

export const attemptOf = (draft: Draft, earlier: Attempt | undefined, freshKey: () => string): Attempt =>
  earlier !== undefined && isSame(earlier, draft) ? earlier : { ...draft, key: freshKey() }

/** What somebody comes to the compose window for: a reply, or the same once more. */
export interface Wish {
  readonly from?: number
  readonly to?: string
  readonly body?: string | undefined
}

/** The wish, and of what was kept only that which is about the same person. */
export const opening = (kept: Draft, wish: Wish): Draft => {
  if (wish.to === undefined) return wish.from === undefined ? kept : { ...kept, from: wish.from }
  const same = kept.to === wish.to
  return {
    from: wish.from ?? (same ? kept.from : undefined),
    to: wish.to,
    body: wish.body ?? (same ? kept.body : "")
  }
}

/** Undefined: it is not what we once kept. */
export const readDraft = (text: string | null): Draft | undefined => {
  const kept = parsed(text)
  return isDraft(kept) ? { from: kept.from, to: kept.to, body: kept.body } : undefined
}

export const readAttempt = (text: string | null): Attempt | undefined => {
  const kept = parsed(text)
  return isDraft(kept) && "key" in kept && typeof kept.key === "string"
    ? { from: kept.from, to: kept.to, body: kept.body, key: kept.key }
    : undefined
}

const parsed = (text: string | null): unknown => {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

const isDraft = (value: unknown): value is Draft =>
  typeof value === "object" &&
  value !== null &&
  (!("from" in value) || value.from === undefined || Number.isSafeInteger(value.from)) &&
  "to" in value &&
  typeof value.to === "string" &&
  "body" in value &&
  typeof value.body === "string"
