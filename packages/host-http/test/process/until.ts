/** Waiting in tests: for a condition, with a deadline that says what did not come. */

export const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

/** For what a machine with nothing else to do needs a second or two. */
const PATIENCE_MILLIS = 120_000

interface Options {
  readonly millis?: number
  readonly every?: number
}

/** What the probe gives, once it gives something else than undefined or false. */
export const until = async <A>(
  what: string | (() => string),
  probe: () => Promise<A | undefined | false> | A | undefined | false,
  { every = 25, millis = PATIENCE_MILLIS }: Options = {}
): Promise<A> => {
  const deadline = Date.now() + millis
  for (;;) {
    const found = await probe()
    if (found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`not within ${millis} ms: ${typeof what === "string" ? what : what()}`)
    await pause(every)
  }
}
