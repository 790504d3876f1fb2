/**
 * What one account must be told after each step: balance, messages, add-ons and what is due. It is written from the
 * product's promises and uses nothing of the core, so that the two can only agree by both being right.
 */
import { AddonModel } from "./AddonModel.ts"
import { type End, MessageModel, type Outcome, RECEIPTS } from "./MessageModel.ts"

export const FEE = 750_000n
export const SEGMENT = 8_000n
export const PER_SECOND = 4
const AGAIN_MILLIS = 60_000

export interface Told {
  readonly event: string
  /** Index of the message it speaks of by our name. */
  readonly name: number | null
  readonly ref: string
  readonly status: "sent" | End
}

interface Waiting extends Told {
  readonly receivedAt: number
  dueAt: number
}

export class Model {
  readonly addons = [new AddonModel(), new AddonModel()] as const
  readonly messages: Array<MessageModel> = []
  readonly credits = new Map<number, bigint>()
  paused = false
  /** Messages that the hosts have in hand. */
  inHand = 0
  now: number
  balance: bigint
  readonly idempotent: boolean
  readonly #events = new Set<string>()
  #inbox: Array<Waiting> = []
  /** Thousandths of a message. */
  #allowance = PER_SECOND * 1000
  #unpaid: Array<{ readonly amount: bigint; dueAt: number }> = []

  constructor(now: number, balance: bigint, idempotent: boolean) {
    this.now = now
    this.balance = balance
    this.idempotent = idempotent
  }

  addon = (number: number): AddonModel => this.addons[number === 0 ? 0 : 1]

  pass(millis: number) {
    this.now += millis
    this.#allowance = Math.min(PER_SECOND * 1000, this.#allowance + millis * PER_SECOND)
  }

  /** The verdict of one request; the message is there once `sent` tells its id. */
  send(number: number, segments: number): "accepted" | "SmsNotEnabled" | "RateLimited" | "InsufficientBalance" {
    if (!this.addon(number).canSend()) return "SmsNotEnabled"
    if (this.#allowance < 1000) return "RateLimited"
    const price = SEGMENT * BigInt(segments)
    if (this.balance < price) return "InsufficientBalance"
    this.balance -= price
    this.#allowance -= 1000
    return "accepted"
  }

  sent(id: number, segments: number) {
    this.messages.push(new MessageModel(id, SEGMENT * BigInt(segments), this.now, this.idempotent))
  }

  /** What a claim must give, oldest first, and what it may give besides: a retry comes a little earlier or later. */
  claimable() {
    const of = (isReady: (from: number, to: number) => boolean) =>
      this.messages.filter(
        ({ place }) => !this.paused && (place.at === "ready" || (place.at === "retry" && isReady(place.from, place.to)))
      )
    return { surely: of((_, to) => to <= this.now), perhaps: of((from) => from <= this.now) }
  }

  /**
   * Whether the answer counts: its lease was not taken over. `hastens`: what waits for it is looked at again right away,
   * unless the host dies before it says so.
   */
  answer(message: MessageModel, attempt: number, outcome: Outcome, hastens = true): boolean {
    const { place } = message
    if (place.at !== "leased" || place.attempt !== attempt) return false
    this.balance += message.answer(outcome, this.now)
    if (outcome !== "accept" || !hastens) return true
    for (const one of this.#inbox) if (message.parts.has(one.ref)) one.dueAt = Math.min(one.dueAt, this.now)
    return true
  }

  receive(told: ReadonlyArray<Told>) {
    for (const one of told) {
      if (this.#events.has(one.event)) continue
      this.#events.add(one.event)
      this.#inbox.push({ ...one, receivedAt: this.now, dueAt: this.now })
    }
  }

  /** Receipts of what nobody knows yet wait, ever longer, for three days. */
  process() {
    this.#inbox = this.#inbox.filter((one) => {
      if (one.dueAt > this.now) return true
      const named = one.name === null ? undefined : this.messages[one.name]
      const message = named ?? this.messages.find(({ parts }) => parts.has(one.ref))
      message?.report(named === undefined ? one.ref : null, one.status)
      const age = this.now - one.receivedAt
      if (message !== undefined || age > RECEIPTS) return false
      one.dueAt = this.now + 250 * Math.ceil(Math.min(600_000, Math.max(250, age / 10)) / 250)
      return true
    })
  }

  sweep() {
    for (const message of this.messages) this.balance += message.sweep(this.now)
  }

  renew() {
    for (const addon of this.addons) {
      if (!addon.isDue(this.now)) continue
      this.balance = addon.renew(this.balance, FEE, this.now)
      addon.leasedUntil = 0
    }
  }

  dieRenewing() {
    for (const addon of this.addons) if (addon.isDue(this.now)) addon.leasedUntil = this.now + 60_000
  }

  switchOn(number: number): "enabled" | "NumberNotActive" | "InsufficientBalance" {
    const addon = this.addon(number)
    if (addon.inactiveSince !== null) return "NumberNotActive"
    const cost = addon.costs(FEE, this.now)
    if (this.balance < cost) return "InsufficientBalance"
    this.balance -= cost
    addon.turnOn(this.now)
    return "enabled"
  }

  /** Money also makes due what was not paid. */
  fund(amount: bigint) {
    this.balance += amount
    for (const addon of this.addons) addon.hasten(this.now)
  }

  /** Nobody has come back with what became of the payment. */
  leaveUnpaid(amount: bigint) {
    this.#unpaid.push({ amount, dueAt: this.now + AGAIN_MILLIS })
  }

  /** It was paid, as it turns out. Gives how many were. */
  recover(): number {
    const due = this.#unpaid.filter(({ dueAt }) => dueAt <= this.now)
    this.#unpaid = this.#unpaid.filter(({ dueAt }) => dueAt > this.now)
    for (const { amount } of due) this.fund(amount)
    return due.length
  }

  /** A credit of this reference: once. */
  credit(reference: number, amount: bigint): "credited" | "repeated" | "CreditMismatch" {
    const before = this.credits.get(reference)
    if (before !== undefined) return before === amount ? "repeated" : "CreditMismatch"
    this.credits.set(reference, amount)
    this.fund(amount)
    return "credited"
  }
}
