/**
 * The numbers that the sandbox has for sale. They follow from the catalogue alone, so every host has the same ones after
 * every start. None is there twice, as of two countries, two types, or for live and for test accounts. They are made as
 * they are asked for.
 */
import { type AccountMode, type CountryCode, type CoverageTable, E164, NumberType } from "@cliqtel/sms-core"
import { type Kind, kindOf } from "./Kind.ts"
import { rangeOf } from "./NumberRange.ts"
import { seededRandom } from "./SeededRandom.ts"
import { makeShelf, type Shelf } from "./Shelf.ts"

export interface Inventory {
  /** All kinds of a country, or of every country in the catalogue's order. */
  kinds(country: CountryCode | undefined, type: NumberType | undefined): ReadonlyArray<Kind>
  numbers(mode: AccountMode, kind: Kind): Generator<E164, undefined>
  /** What a number is sold as to accounts of this mode. */
  find(mode: AccountMode, number: E164): Kind | undefined
}

/** Of one kind, for one mode. */
const AT_MOST = 300

/** For each number that is wanted; most plans need one, some share a calling code or allow what is not valid. */
const DRAWS = 8

/** The demo has these already. The magic destinations, +1500555..., are no numbers of any type that is sold. */
const DEMO: ReadonlySet<string> = new Set([
  "+31201234567",
  "+31201234568",
  "+31612340001",
  "+31612340002",
  "+493012345678",
  "+493012345679",
  "+18005550100",
  "+18005550101"
])

const MODES: ReadonlyArray<AccountMode> = ["live", "test"]

export const makeInventory = (coverage: CoverageTable): Inventory => {
  const shelves = new Map<string, Shelf<E164>>()

  const shelfOf = (kind: Kind): Shelf<E164> => {
    const name = `${kind.country} ${kind.type}`
    const found = shelves.get(name) ?? makeShelf(numbersOf(kind, coverage))
    shelves.set(name, found)
    return found
  }

  return {
    kinds: (country, type) =>
      [...coverage.keys()]
        .filter((one) => country === undefined || one === country)
        .flatMap((country) => NumberType.literals.map((type): Kind => ({ country, type })))
        .filter((kind) => type === undefined || kind.type === type),
    *numbers(mode, kind) {
      const shelf = shelfOf(kind)
      // The modes take turns.
      for (let place = MODES.indexOf(mode); ; place += MODES.length) {
        const number = shelf.at(place)
        if (number === undefined) return undefined
        yield number
      }
    },
    find: (mode, number) => {
      const kind = kindOf(number, coverage)
      const place = kind && shelfOf(kind).placeOf(number)
      return place !== undefined && MODES[place % MODES.length] === mode ? kind : undefined
    }
  }
}

/** Drawn from all over the plan; a number may come twice. */
const numbersOf = function* (kind: Kind, coverage: CoverageTable): Generator<E164, undefined> {
  const range = rangeOf(kind.country, kind.type)
  if (range === null) return undefined
  const random = seededRandom(seedOf(kind))
  const wanted = AT_MOST * MODES.length
  for (let draws = 0, kept = 0; kept < wanted && draws < wanted * DRAWS; draws++) {
    const number = range.at(Math.floor(random() * range.size))
    const sold = kindOf(number, coverage)
    if (sold?.country !== kind.country || sold.type !== kind.type || DEMO.has(number)) continue
    kept++
    yield E164.make(number)
  }
  return undefined
}

/** Another one for each kind. */
const seedOf = ({ country, type }: Kind): number =>
  Number.parseInt(country, 36) * NumberType.literals.length + NumberType.literals.indexOf(type)
