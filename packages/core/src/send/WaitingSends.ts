/** Sends that wait for a group, in their order, and what a group takes of them. */
import type { AccountId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { Job } from "./AcceptGroup.ts"
import type { SendLimits } from "./SendLimits.ts"

/** A send that others' hold on its wallet has kept out of so many groups waits for the wallet itself. */
const PASSED_OVER = 3

export interface WaitingSend extends Job {
  /** Its caller is gone then, told that it is not known what came of it: what has not begun must not begin any more. */
  readonly until: Instant
  /** Groups that left it. */
  passedOver: number
}

/** That a group under way has: its next sends wait. */
type IsBusy = (account: AccountId) => boolean

export interface WaitingSends<S extends WaitingSend> {
  all(): ReadonlyArray<S>
  messages(): number
  add(send: S): void
  /** Those that a group left go first; each account's order is kept, since it is busy until its group has ended. */
  putBack(sends: ReadonlyArray<S>): void
  /** Removes those that it is too late for. */
  dropExpired(now: Instant): ReadonlyArray<S>
  /** Removes as many as a group takes. */
  take(isBusy: IsBusy): ReadonlyArray<S>
  /** Removes those of one account that was passed over too often. */
  takePassedOver(isBusy: IsBusy): ReadonlyArray<S>
  /** Whether so many wait whose accounts are free that a second group is worth its statements. */
  hasManyFree(isBusy: IsBusy): boolean
}

export const makeWaitingSends = <S extends WaitingSend>(limits: SendLimits): WaitingSends<S> => {
  let sends: Array<S> = []
  let messages = 0

  const takeWhere = (isWanted: (send: S) => boolean): ReadonlyArray<S> => {
    const taken: Array<S> = []
    const left: Array<S> = []
    const accounts = new Set<AccountId>()
    let size = 0
    const hasRoom = ({ accountId }: S) =>
      size < limits.shareSize || (size < limits.groupSize && accounts.has(accountId))
    for (const send of sends) {
      if (hasRoom(send) && isWanted(send)) {
        taken.push(send)
        accounts.add(send.accountId)
        size += send.requests.length
      } else left.push(send)
    }
    sends = left
    messages -= size
    return taken
  }

  return {
    all: () => sends,
    messages: () => messages,
    add: (send) => {
      sends.push(send)
      messages += send.requests.length
    },
    putBack: (left) => {
      for (const send of left) {
        send.passedOver++
        messages += send.requests.length
      }
      if (left.length > 0) sends = [...left, ...sends]
    },
    dropExpired: (now) => {
      const expired = sends.filter(({ until }) => until < now)
      if (expired.length === 0) return expired
      sends = sends.filter(({ until }) => until >= now)
      for (const { requests } of expired) messages -= requests.length
      return expired
    },
    take: (isBusy) => takeWhere(({ accountId }) => !isBusy(accountId)),
    takePassedOver: (isBusy) => {
      const first = sends.find(({ accountId, passedOver }) => passedOver >= PASSED_OVER && !isBusy(accountId))
      return first === undefined ? [] : takeWhere(({ accountId }) => accountId === first.accountId)
    },
    hasManyFree: (isBusy) => {
      let free = 0
      for (const { accountId, requests } of sends) {
        if (!isBusy(accountId)) free += requests.length
        if (free >= limits.besideSize) return true
      }
      return false
    }
  }
}
