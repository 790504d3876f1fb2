/** How sends are gathered into groups. */
export interface SendLimits {
  /** Groups that may be under way at once. No account is in two of them. */
  readonly groups: number
  /** A group that takes longer, and three times as long as a small one before it, lets the next one start beside it. */
  readonly slowMillis: number
  /** But so long lets it start in any case. */
  readonly slowestMillis: number
  /**
   * The next group waits half as long as the last one took, at most so long, as if each of those who were just answered sent
   * again: until all are there, or as many as would be worth a second group.
   */
  readonly gatherMillis: number
  /** Messages that one group takes before it starts. */
  readonly groupSize: number
  /** Of these it takes so many of any account; more only of accounts that it has already. */
  readonly shareSize: number
  /** So many waiting messages start a second group beside the first: this host has to do while the store has the other. */
  readonly besideSize: number
  /** Messages that may wait for a group, any account's as long as there is room for as many more; else `Unavailable`. */
  readonly waiting: number
  /** A caller is told that it is not known what came of its send after this long; the send itself goes on. */
  readonly patienceMillis: number
  /** Callers that are told at once; the store's answers are heard before the next ones are. */
  readonly tellSize: number
  /** They are told while the store has the next group; so long it may take until that is decided. */
  readonly tellMillis: number
}

export const SEND_LIMITS: SendLimits = {
  groups: 4,
  slowMillis: 50,
  slowestMillis: 150,
  gatherMillis: 15,
  groupSize: 128,
  shareSize: 64,
  besideSize: 32,
  waiting: 20_000,
  patienceMillis: 20_000,
  tellSize: 8,
  tellMillis: 5
}
