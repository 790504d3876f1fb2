/** What the product promises of an SMS add-on, written down anew: no line of it is the core's. */

const DAY = 24 * 60 * 60 * 1000

export class AddonModel {
  state: "off" | "on" | "past_due" | "suspended" = "off"
  anchor: number | null = null
  paidUntil: number | null = null
  pastDueSince: number | null = null
  dueAt: number | null = null
  inactiveSince: number | null = null
  /** A renewal of it was begun by a host that died, and is left alone until then. */
  leasedUntil = 0

  canSend = (): boolean => this.inactiveSince === null && (this.state === "on" || this.state === "past_due")

  isDue = (now: number): boolean =>
    this.inactiveSince === null && this.dueAt !== null && this.dueAt <= now && this.leasedUntil <= now

  /** What switching on would cost: nothing within a month that is paid for. */
  costs = (fee: bigint, now: number): bigint =>
    this.state === "on" || this.state === "past_due" || (this.paidUntil !== null && this.paidUntil > now) ? 0n : fee

  turnOn(now: number) {
    if (this.state === "on" || this.state === "past_due") return
    if (this.paidUntil !== null && this.paidUntil > now) this.#on(this.paidUntil)
    else this.#begin(now)
  }

  turnOff() {
    if (this.state === "off") return
    this.state = "off"
    this.pastDueSince = null
    this.dueAt = null
    this.leasedUntil = 0
  }

  /** Tries what is due, month by month; gives what is left of the balance. */
  renew(balance: bigint, fee: bigint, now: number): bigint {
    let left = balance
    while (this.dueAt !== null && this.dueAt <= now) {
      const pays = left >= fee
      if (pays) left -= fee
      if (this.state === "suspended") {
        if (pays) this.#begin(now)
        else this.dueAt = null
      } else if (pays) {
        this.#on(monthEnd(this.anchor ?? now, this.paidUntil ?? now))
      } else if (this.pastDueSince !== null && now >= this.pastDueSince + 3 * DAY) {
        this.state = "suspended"
        this.pastDueSince = null
        this.dueAt = null
      } else {
        this.state = "past_due"
        this.pastDueSince ??= now
        this.dueAt = this.pastDueSince
        while (this.dueAt <= now) this.dueAt += DAY
      }
    }
    return left
  }

  hasten(now: number) {
    const owes = this.state === "past_due" || this.state === "suspended"
    if (this.inactiveSince === null && owes) this.dueAt = now
  }

  deactivate(now: number) {
    this.inactiveSince ??= now
    this.dueAt = null
    this.leasedUntil = 0
  }

  /** The time in between did not count. */
  activate(now: number) {
    this.leasedUntil = 0
    if (this.inactiveSince === null) return
    const idle = now - this.inactiveSince
    this.inactiveSince = null
    if (this.paidUntil !== null) this.paidUntil += idle
    if (this.pastDueSince !== null) this.pastDueSince += idle
    if (idle > 0) this.anchor = this.paidUntil
    this.dueAt = this.state === "off" ? null : this.paidUntil
  }

  #begin(now: number) {
    this.anchor = now
    this.#on(monthEnd(now, now))
  }

  #on(paidUntil: number) {
    this.state = "on"
    this.paidUntil = paidUntil
    this.pastDueSince = null
    this.dueAt = paidUntil
    this.leasedUntil = 0
  }
}

/** The first end of a month of `anchor` after `moment`: its day of the month, or the last of a shorter one. */
export const monthEnd = (anchor: number, moment: number): number => {
  const from = new Date(anchor)
  for (let months = 1; ; months++) {
    const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months]
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
    const end = Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay)) + (((anchor % DAY) + DAY) % DAY)
    if (end > moment) return end
  }
}
