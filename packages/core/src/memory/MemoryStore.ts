/**
 * One transactional store in this process, which all in-memory ports share. Units of work run one after another, so
 * nobody sees half of one; each change leaves in a journal how to take it back, so that a unit that fails leaves
 * nothing. It lasts as long as its layer.
 */
import { Context, Effect, Exit, Layer, Semaphore } from "effect"
import type { AccountId, NumberId } from "../Account.ts"
import type { NewAccount } from "../Accounts.ts"
import type { Instant, Message } from "../Message.ts"
import type { OwnedNumber } from "../number/NumberRegistry.ts"
import type { TimelineEntry } from "../status/Lifecycle.ts"
import type { UnitOfWork } from "../UnitOfWork.ts"

/** A map whose changes are undone with the unit of work that made them. */
export interface Table<K, V> {
  get(key: K): V | undefined
  values(): ReadonlyArray<V>
  set(key: K, value: V): void
  delete(key: K): void
}

/** An account with its rate and its threshold. */
export interface AccountRow extends NewAccount {
  readonly id: AccountId
  readonly createdAt: Instant
}

/** A change of a message, in the order in which they were made. */
export interface Transition {
  readonly id: number
  readonly message: Message
  readonly entry: TimelineEntry
}

export class MemoryStore extends Context.Service<
  MemoryStore,
  {
    readonly accounts: Table<AccountId, AccountRow>
    readonly numbers: Table<NumberId, OwnedNumber>
    readonly transitions: Table<number, Transition>
    table<K, V>(): Table<K, V>
    /** One call of a port, all or nothing: within the unit of work under way, else as one of its own. */
    call<A>(body: () => A): Effect.Effect<A>
    readonly unitOfWork: UnitOfWork["Service"]
  }
>()("@cliqtel/sms-core/memory/MemoryStore") {
  static readonly layer = Layer.sync(MemoryStore, () => {
    const journal: Array<() => void> = []
    const undo = (mark: number) => {
      while (journal.length > mark) journal.pop()?.()
    }

    const Current = Context.Reference<Level | undefined>(`@cliqtel/sms-core/memory/Level/${++stores}`, {
      defaultValue: () => undefined
    })
    const root = makeLevel()

    const run = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.withFiber((fiber) => {
        const outer = fiber.getRef(Current) ?? root
        if (!outer.open) return ended
        const level = makeLevel()
        let committed = false
        const body = Effect.suspend(() => {
          const mark = journal.length
          return Effect.onExit(Effect.provideService(work, Current, level), (exit) =>
            Effect.sync(() => {
              level.open = false
              committed = Exit.isSuccess(exit)
              if (!committed) undo(mark)
              else if (outer === root) journal.length = 0
            })
          )
        })
        return Effect.uninterruptibleMask((restore) =>
          Effect.exit(restore(outer.mutex.withPermit(body))).pipe(
            Effect.flatMap((exit) => {
              if (!committed) return exit
              if (outer === root) return Effect.andThen(Effect.forEach(level.tasks, runTask, { discard: true }), exit)
              outer.tasks.push(...level.tasks)
              return exit
            })
          )
        )
      })

    const call = <A>(body: () => A): Effect.Effect<A> =>
      Effect.withFiber((fiber) => {
        const level = fiber.getRef(Current)
        if (level === undefined) return run(Effect.sync(body))
        if (!level.open) return ended
        const mark = journal.length
        return Effect.onError(Effect.sync(body), () => Effect.sync(() => undo(mark)))
      })

    const afterCommit = (task: Effect.Effect<void>): Effect.Effect<void> =>
      Effect.withFiber((fiber) => {
        const level = fiber.getRef(Current)
        if (level === undefined) return runTask(task)
        if (!level.open) return ended
        level.tasks.push(task)
        return Effect.void
      })

    return MemoryStore.of({
      accounts: makeTable(journal),
      numbers: makeTable(journal),
      transitions: makeTable(journal),
      table: () => makeTable(journal),
      call,
      unitOfWork: {
        run,
        afterCommit,
        isOpen: Effect.withFiber((fiber) => Effect.succeed(fiber.getRef(Current) !== undefined))
      }
    })
  })
}

/** One more than the highest id. */
export const nextId = (table: { values(): ReadonlyArray<{ readonly id: number }> }): number =>
  table.values().reduce((last, { id }) => Math.max(last, id), 0) + 1

let stores = 0

/** A unit of work under way; the root is the store itself. */
interface Level {
  /** Held by the unit inside it: siblings would undo each other's changes. */
  readonly mutex: Semaphore.Semaphore
  readonly tasks: Array<Effect.Effect<void>>
  open: boolean
}

const makeLevel = (): Level => ({ mutex: Semaphore.makeUnsafe(1), tasks: [], open: true })

const ended = Effect.die(new Error("The unit of work has ended."))

/** It has been committed: a task that dies takes nothing back, and must not keep the others from running. */
const runTask = (task: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.ignoreCause(task, { log: "Error", message: "A task after a commit died" })

const makeTable = <K, V>(journal: Array<() => void>): Table<K, V> => {
  const rows = new Map<K, V>()
  const change = (key: K, apply: () => void) => {
    const before = rows.get(key)
    journal.push(before === undefined ? () => rows.delete(key) : () => rows.set(key, before))
    apply()
  }
  return {
    get: (key) => rows.get(key),
    values: () => [...rows.values()],
    set: (key, value) => change(key, () => rows.set(key, value)),
    delete: (key) => change(key, () => rows.delete(key))
  }
}
