/**
 * How the parts of a long message become one again. They come in any order, repeated, or never; a sender may use a
 * reference again. A message is whole once each of its parts is there; what is still open after half an hour is delivered
 * as far as it came, with its gaps shown.
 */
import type { Instant } from "../Message.ts"
import type { Encoding } from "../segment/Capacity.ts"

/** What can still complete a message; older than this it is closed. */
export const WINDOW_MILLIS = 30 * 60_000

const GAP = " [...] "

export interface Piece {
  /** From 1 to the total of its group. */
  readonly index: number
  readonly body: string
  readonly encoding: Encoding
}

/** What is held of one sender, number, reference and total. */
export interface Group {
  readonly total: number
  /** When the first of `pieces` came. */
  readonly since: Instant
  /** Of the message that is not whole yet, in order of index. */
  readonly pieces: ReadonlyArray<Piece>
  /** Of the message before, which was whole: a carrier may tell some of its parts again, as if they were new. */
  readonly before: ReadonlyArray<Piece>
}

export interface Joined {
  readonly body: string
  readonly encoding: Encoding
  /** Parts that came. */
  readonly segments: number
  /** Whether parts are missing. */
  readonly hasGaps: boolean
}

export interface Arrival {
  /** What is held from now on; the same object if the piece was there already. */
  readonly group: Group
  /** Messages that this piece closes or completes, in their order. */
  readonly joined: ReadonlyArray<Joined>
}

export const emptyGroup = (total: number, at: Instant): Group => ({ total, since: at, pieces: [], before: [] })

/** What one piece makes of its group. */
export const arrive = (held: Group, piece: Piece, at: Instant): Arrival => {
  const known = held.pieces.find(({ index }) => index === piece.index)
  const isLate = held.pieces.length > 0 && at - held.since >= WINDOW_MILLIS
  if (known?.body === piece.body && !isLate) return { group: held, joined: [] }

  // Another text in the same place: the sender has begun a new message under the same reference.
  const begins = isLate || known !== undefined
  const closed = begins ? close(held) : []
  const pieces = [...(begins ? [] : held.pieces), piece].sort((a, b) => a.index - b.index)
  const group = { ...held, since: pieces.length === 1 ? at : held.since, pieces }
  if (pieces.length < held.total) return { group, joined: closed }
  return { group: { ...group, pieces: [], before: pieces }, joined: [...closed, join(pieces, held.total)] }
}

/** What is delivered of a group that ends here: nothing if all that came was told before. */
export const close = ({ before, pieces, total }: Group): ReadonlyArray<Joined> => {
  const isNew = pieces.some((piece) => !before.some(({ body, index }) => index === piece.index && body === piece.body))
  return isNew ? [join(pieces, total)] : []
}

/** `pieces` in order of index. */
const join = (pieces: ReadonlyArray<Piece>, total: number): Joined => {
  let body = ""
  let next = 1
  for (const piece of pieces) {
    if (piece.index > next) body += GAP
    body += piece.body
    next = piece.index + 1
  }
  return {
    body: next <= total ? body + GAP : body,
    encoding: pieces.some(({ encoding }) => encoding === "UCS-2") ? "UCS-2" : "GSM-7",
    segments: pieces.length,
    hasGaps: pieces.length < total
  }
}
