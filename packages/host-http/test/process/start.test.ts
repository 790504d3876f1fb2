/** `pnpm start` as a process: how it begins, how it ends, and what is left when it is killed. */
import { afterEach, assert, describe, it } from "vitest"
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { until } from "./until.ts"

const root = fileURLToPath(new URL("../../../..", import.meta.url))

interface Started {
  readonly launcher: ChildProcess
  readonly output: () => string
  readonly errors: () => string
  readonly hasEnded: () => boolean
  readonly ended: Promise<number | NodeJS.Signals>
}

const folders: Array<string> = []
const launched: Array<Started> = []
afterEach(async () => {
  for (const { ended, launcher } of launched.splice(0)) {
    launcher.kill("SIGTERM")
    await ended
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

const launch = (dataDir: string, env: Record<string, string> = {}): Started => {
  // Through the launcher, as the command does.
  const launcher = spawn(process.execPath, ["scripts/node.mjs", "packages/host-http/src/main.ts"], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "", DATA_DIR: dataDir, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let output = ""
  let errors = ""
  launcher.stdout?.on("data", (chunk) => (output += chunk))
  launcher.stderr?.on("data", (chunk) => (errors += chunk))
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    launcher.on("close", (code, signal) => resolve(code ?? signal ?? 1))
  )
  let hasEnded = false
  void ended.then(() => (hasEnded = true))
  const started = { launcher, output: () => output, errors: () => errors, ended, hasEnded: () => hasEnded }
  launched.push(started)
  return started
}

const dataFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), "start-"))
  folders.push(folder)
  return join(folder, "data")
}

/** Where it listens, and the keys that it printed. */
const ready = (host: Started) =>
  until(
    () => `ready host: ${host.output()} ${host.errors()}`,
    () => {
      if (host.hasEnded()) throw new Error(`the host has ended: ${host.output()} ${host.errors()}`)
      const url = /^Cliqtel SMS is ready at (\S+)$/m.exec(host.output())?.[1]
      const live = /^Demo API key \(live\): (\S+)$/m.exec(host.output())?.[1]
      const test = /^Demo API key \(test\): (\S+)$/m.exec(host.output())?.[1]
      return url && live && test ? { url, live, test } : undefined
    }
  )

type Ready = Awaited<ReturnType<typeof ready>>

const api = async ({ live, url }: Ready, path: string, json?: unknown) => {
  const response = await fetch(`${url}/api/v1/portal/${path}`, {
    method: json === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${live}`, "content-type": "application/json" },
    ...(json === undefined ? {} : { body: JSON.stringify(json) })
  })
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the host answers
  return (await response.json()) as any
}

const send = (host: Ready, to = "+31612345678") => api(host, "sms/send", { from_number_id: 1, to, body: "Hello" })

const processesOn = async (dataDir: string): Promise<ReadonlyArray<number>> => {
  const listing = spawn("ps", ["-eo", "pid,args"], { stdio: ["ignore", "pipe", "ignore"] })
  let text = ""
  for await (const chunk of listing.stdout) text += chunk
  return text.split("\n").flatMap((line) => (line.includes(dataDir) ? [Number.parseInt(line, 10)] : []))
}

describe("the start command", () => {
  it("prints its address and keys, keeps them, and ends in order when it is told to", async () => {
    const dataDir = await dataFolder()
    const first = launch(dataDir)
    const before = await ready(first)
    assert.match(before.live, /^sk_live_[0-9A-Za-z]{48}$/)
    assert.match(before.test, /^sk_test_[0-9A-Za-z]{48}$/)
    assert.strictEqual((await stat(join(dataDir, "demo-keys.json"))).mode & 0o777, 0o600)
    const { message } = await send(before)

    first.launcher.kill("SIGTERM")
    assert.strictEqual(await first.ended, 0)
    assert.deepStrictEqual(await processesOn(dataDir), [])

    const second = launch(dataDir)
    const after = await ready(second)
    assert.deepStrictEqual([after.live, after.test], [before.live, before.test])
    assert.strictEqual((await api(after, `sms/${message.id}`)).message.body, "Hello")
    second.launcher.kill("SIGINT")
    assert.strictEqual(await second.ended, 0)
  })

  it("keeps what it has accepted when it is killed, and carries it on", async () => {
    const dataDir = await dataFolder()
    const first = launch(dataDir, { SANDBOX_DELAY_MS: "60000" })
    const before = await ready(first)
    const { message } = await send(before)
    await until(
      () => "message under way",
      async () => {
        const { message: now } = await api(before, `sms/${message.id}`)
        return now.status === "sending" ? true : undefined
      }
    )
    const queued = await send(before)
    // The launcher dies, and nobody is left to pass on a signal.
    first.launcher.kill("SIGKILL")
    assert.strictEqual(await first.ended, "SIGKILL")

    const second = launch(dataDir)
    const after = await ready(second)
    const balance = await api(after, "wallet")
    assert.strictEqual(balance.wallet.balance, "24.984")
    const { message: waits } = await api(after, `sms/${message.id}`)
    assert.strictEqual(waits.status, "sending")
    assert.oneOf((await api(after, `sms/${queued.message.id}`)).message.status, [
      "queued",
      "sending",
      "sent",
      "delivered"
    ])
    const { message: next } = await send(after)
    await until(
      () => "delivered message",
      async () => {
        const { message: now } = await api(after, `sms/${next.id}`)
        return now.status === "delivered" ? true : undefined
      }
    )
  })

  it("uses the keys that the environment names", async () => {
    const host = launch(await dataFolder(), { DEMO_API_KEY: "my-own-live-key", DEMO_TEST_API_KEY: "my-own-test-key" })
    const { live, test, url } = await ready(host)
    assert.deepStrictEqual([live, test], ["my-own-live-key", "my-own-test-key"])
    assert.strictEqual((await api({ live: test, test, url }, "wallet")).wallet.balance, "25")
  })

  it.each([
    [{ PORT: "abc" }, /PORT must be a port number/],
    [{ CARRIERS: "pigeon" }, /CARRIERS names "pigeon", which is not one of: sandbox/],
    [{ CATALOGUE_FILE: "/nowhere.json" }, /\/nowhere\.json/],
    [{ DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" }, /DATABASE_URL/]
  ])("says in words why it does not start: %j", async (env, expected) => {
    const host = launch(await dataFolder(), env)
    assert.strictEqual(await host.ended, 1)
    assert.match(host.errors(), expected)
    assert.notMatch(host.errors(), /\n\s+at /)
  })

  it("says so when its port is taken, and leaves no database behind", async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) =>
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port))
    )
    const dataDir = await dataFolder()
    const host = launch(dataDir, { PORT: String(port) })
    assert.strictEqual(await host.ended, 1)
    assert.match(host.errors(), new RegExp(`${port}`))
    assert.match(host.errors(), /in use/)
    assert.deepStrictEqual(await processesOn(dataDir), [])
    await new Promise((resolve) => other.close(resolve))
  })
})
