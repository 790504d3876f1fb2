/** What is being written outlives the page, in this tab alone. Each account has its own, and each conversation. */
import { type Attempt, type Draft, EMPTY, isSame, readAttempt, readDraft } from "./draft.ts"

export interface Drafts {
  readonly draft: () => Draft
  readonly keep: (draft: Draft) => void
  readonly attempt: () => Attempt | undefined
  readonly keepAttempt: (attempt: Attempt) => void
  /** Unless another has begun meanwhile. */
  readonly forgetAttempt: (key: string) => void
}

const PREFIX = "cliqtel.draft."

/** Nobody who signs in here later shall read them. */
export const forgetDrafts = (storage: Storage): void => {
  for (const name of Object.keys(storage)) if (name.startsWith(PREFIX)) storage.removeItem(name)
}

/** `person`: whose conversation it belongs to; undefined: the compose window's. */
export const draftsOf = (storage: Storage, account: number, person: string | undefined): Drafts => {
  const name = `${PREFIX}${account}${person === undefined ? "" : `.${person}`}`
  const attempt = `${name}.sending`
  return {
    draft: () => readDraft(storage.getItem(name)) ?? EMPTY,
    keep: (draft) => {
      const isBlank = draft.body === "" && (person !== undefined || isSame(draft, EMPTY))
      if (isBlank) storage.removeItem(name)
      else storage.setItem(name, JSON.stringify(draft))
    },
    attempt: () => readAttempt(storage.getItem(attempt)),
    keepAttempt: (made) => storage.setItem(attempt, JSON.stringify(made)),
    forgetAttempt: (key) => {
      if (readAttempt(storage.getItem(attempt))?.key === key) storage.removeItem(attempt)
    }
  }
}
