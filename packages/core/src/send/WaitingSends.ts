/**
 * Sends that wait for a group, in their order, and what a group takes of them. Those of accounts whose wallets somebody
 * holds stand apart, so that nobody else waits with them.
 */
import type { AccountId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { Job } from "./AcceptGroup.ts"
import type { SendLimits } from "./SendLimits.ts"

export interface WaitingSend extends Job {
  /** Its caller is gone then. */
  readonly until: Instant
}

/** That a group under way has: its next sends wait. */
type IsBusy = (account: AccountId) => boolean

export interface WaitingSends<S extends WaitingSend> {
  /** Not of those that stand apart. */
  readonly callers: number
  /** Accounts that stand apart. */
  readonly heldAccounts: number
  all(): ReadonlyArray<S>
  /** Whether one more may wait. No account has more than there is room left, so that there always is some for others. */
  hasRoom(job: Job): boolean
  add(send: S): void
  /** A group has left them: they stand apart, with all that their accounts have. The last to come back is the last to go. */
  putApart(sends: ReadonlyArray<S>): void
  /** Removes those that it is too late for. */
  dropExpired(now: Instant): ReadonlyArray<S>
  /** Removes as many as a group takes, of those who do not stand apart. */
  take(isBusy: IsBusy): ReadonlyArray<S>
  /** The same of those who do: of so many accounts. */
  takeApart(isBusy: IsBusy, accounts: number): ReadonlyArray<S>
  /** Whether so many wait whose accounts are free that a second group is worth its statements. */
  hasManyFree(isBusy: IsBusy): boolean
}

export const makeWaitingSends = <S extends WaitingSend>(limits: SendLimits): WaitingSends<S> => {
  let line: Array<S> = []
  let apart = new Map<AccountId, Array<S>>()
  /** That wait, of all and of each account. */
  let messages = 0
  const messagesOf = new Map<AccountId, number>()
  /** None of them is too late before this. */
  let earliest = Infinity

  const count = ({ accountId, requests }: S, sign: 1 | -1) => {
    const own = (messagesOf.get(accountId) ?? 0) + sign * requests.length
    messages += sign * requests.length
    if (own > 0) messagesOf.set(accountId, own)
    else messagesOf.delete(accountId)
  }

  /** As many as a group takes, and who is left. */
  const split = (sends: ReadonlyArray<S>, isWanted: (send: S) => boolean) => {
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
        count(send, -1)
      } else left.push(send)
    }
    return { taken, left }
  }

  const all = (): ReadonlyArray<S> => [...apart.values(), line].flat()

  return {
    get callers() {
      return line.length
    },
    get heldAccounts() {
      return apart.size
    },
    all,
    hasRoom: ({ accountId, requests }) =>
      requests.length + (messagesOf.get(accountId) ?? 0) <= limits.waiting - messages,
    add: (send) => {
      count(send, 1)
      earliest = Math.min(earliest, send.until)
      const own = apart.get(send.accountId) ?? line
      own.push(send)
    },
    putApart: (sends) => {
      if (sends.length === 0) return
      const groups = Map.groupBy(sends, ({ accountId }) => accountId)
      const later = Map.groupBy(line, ({ accountId }) => (groups.has(accountId) ? accountId : undefined))
      for (const [account, own] of groups) {
        const before = apart.get(account) ?? []
        apart.delete(account)
        apart.set(account, [...own, ...before, ...(later.get(account) ?? [])])
      }
      line = later.get(undefined) ?? []
      for (const send of sends) count(send, 1)
      earliest = sends.reduce((first, { until }) => Math.min(first, until), earliest)
    },
    dropExpired: (now) => {
      if (now < earliest) return []
      const isLate = ({ until }: S) => until <= now
      const expired = all().filter(isLate)
      line = line.filter((send) => !isLate(send))
      apart = byAccount([...apart.values()].flat().filter((send) => !isLate(send)))
      for (const send of expired) count(send, -1)
      earliest = all().reduce((first, { until }) => Math.min(first, until), Infinity)
      return expired
    },
    take: (isBusy) => {
      const { left, taken } = split(line, ({ accountId }) => !isBusy(accountId))
      line = left
      return taken
    },
    takeApart: (isBusy, accounts) => {
      const first = new Set([...apart.keys()].filter((account) => !isBusy(account)).slice(0, accounts))
      const { left, taken } = split([...apart.values()].flat(), ({ accountId }) => first.has(accountId))
      apart = byAccount(left)
      return taken
    },
    hasManyFree: (isBusy) => {
      let free = 0
      for (const { accountId, requests } of line) {
        if (!isBusy(accountId)) free += requests.length
        if (free >= limits.besideSize) return true
      }
      return false
    }
  }
}

const byAccount = <S extends WaitingSend>(sends: ReadonlyArray<S>): Map<AccountId, Array<S>> =>
  Map.groupBy(sends, ({ accountId }) => accountId)
