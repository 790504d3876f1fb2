/** Between rows and the core's values: int8 is bigint, timestamptz is Date. */
import {
  type AccountId,
  AccountId as AccountIdOf,
  Currency,
  E164,
  type Instant,
  money,
  type Money
} from "@cliqtel/sms-core"

/** Ids and other int8 values that stay below 2^53. */
export const integer = (value: bigint): number => Number(value)

export const accountId = (value: bigint): AccountId => AccountIdOf.make(Number(value))

export const instant = (value: Date): Instant => value.getTime()

export const instantOrNull = (value: Date | null): Instant | null => (value === null ? null : value.getTime())

export const timestamp = (at: Instant): Date => new Date(at)

export const timestampOrNull = (at: Instant | null): Date | null => (at === null ? null : new Date(at))

export const amount = (micros: bigint, currency: string): Money => money(micros, Currency.make(currency))

export const e164 = (text: string): E164 => E164.make(text)
