/** Programs of ours as processes that a test can end in every way. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../../..", import.meta.url))

/** Below those that a connection takes by itself, so that nobody gets it while its server is down. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const probe = createServer().listen(port, "127.0.0.1")
    const free = await Promise.race([once(probe, "listening").then(() => true), once(probe, "error").then(() => false)])
    if (!free) continue
    probe.close()
    await once(probe, "close")
    return port
  }
}

export const node = (file: string, env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, [file], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "", NODE_COMPILE_CACHE: `${root}/node_modules/.cache/node`, ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })

/** The first thing that it says by this pattern; undefined if it ended without. */
export const said = (child: ChildProcess, pattern: RegExp, errors: Array<string>): Promise<string | undefined> =>
  new Promise((resolve) => {
    let output = ""
    child.stdout?.on("data", (chunk) => {
      output += chunk
      const found = pattern.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.stderr?.on("data", (chunk) => errors.push(String(chunk)))
    child.on("exit", () => resolve(undefined))
  })

export const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, "exit")
  child.kill(signal)
  await exit
}
