/**
 * Arrays of one column's values, as typed parameters of `unnest`: the statement stays the same whatever is in them.
 * Left to itself the driver guesses a type from the values, and has none for a column of NULLs or of mixed widths.
 */
import { PgTypes } from "@effect/sql-pg"
import { Result } from "effect"

const column = (values: ReadonlyArray<unknown>, oid: number) => Result.getOrThrow(PgTypes.array(values, oid))

export const int8s = (values: ReadonlyArray<number | bigint | null>) =>
  column(
    values.map((value) => (value === null ? null : BigInt(value))),
    PgTypes.OID.int8
  )

export const int4s = (values: ReadonlyArray<number>) => column(values, PgTypes.OID.int4)

export const texts = (values: ReadonlyArray<string | null>) => column(values, PgTypes.OID.text)

export const byteas = (values: ReadonlyArray<Uint8Array>) => column(values, PgTypes.OID.bytea)

export const bools = (values: ReadonlyArray<boolean>) => column(values, PgTypes.OID.bool)

export const timestamps = (values: ReadonlyArray<number | null>) =>
  column(
    values.map((at) => (at === null ? null : new Date(at))),
    PgTypes.OID.timestamptz
  )
