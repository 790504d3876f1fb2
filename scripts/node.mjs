// Runs `node ARGS` on a Node.js that is new enough: the one that runs this file, or the one that the workspace brings.
// Plain JavaScript for Node.js 20 and newer. Signals go to the child. When this process dies, the "ipc" channel to the child
// closes, which tells a host that nobody is left to pass signals on.
import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const NEEDED = [24, 15]

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
const newEnough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])

function broughtNode() {
  const runtime = join(dirname(fileURLToPath(import.meta.url)), "runtime", "package.json")
  const name = `node-${process.platform}-${process.arch}`
  try {
    const path = join(dirname(createRequire(runtime).resolve(`${name}/package.json`)), "bin", "node")
    if (existsSync(path)) return path
  } catch {
    // No such package for this platform: said below.
  }
  console.error(
    `Node.js ${process.versions.node} is too old (${NEEDED.join(".")} or newer is needed) and npm has no "${name}" here. ` +
      "Install a newer Node.js and run the command again."
  )
  process.exit(1)
}

// Compiled code is kept, which halves the time of every later start.
const NODE_COMPILE_CACHE =
  process.env.NODE_COMPILE_CACHE ?? fileURLToPath(new URL("../node_modules/.cache/node", import.meta.url))

const child = spawn(newEnough ? process.execPath : broughtNode(), process.argv.slice(2), {
  stdio: ["inherit", "inherit", "inherit", "ipc"],
  env: { ...process.env, NODE_COMPILE_CACHE }
})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))

// `npx pnpm start` puts a shell between itself and pnpm, which dies of a signal without passing it on. So whoever stops or
// kills npx would leave this process behind: it looks whether npx is still there.
const npx = npxAbove(process.ppid)
const watch = npx === undefined ? undefined : setInterval(() => isAlive(npx) || child.kill("SIGTERM"), 500)

/** The process of npx that started this one, if one did and this system says so. */
function npxAbove(pid, generations = 6) {
  const found = generations === 0 || pid <= 1 ? undefined : statusOf(pid)
  if (found === undefined) return undefined
  const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
  return /^npm exec |\bnpx(-cli\.js)?\b/.test(command) ? pid : npxAbove(found.parent, generations - 1)
}

function isAlive(pid) {
  const found = statusOf(pid)
  return found !== undefined && found.state !== "Z"
}

/** State and parent, the first fields behind the name, which is in brackets and may hold anything. */
function statusOf(pid) {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ")
    return { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}

child.on("exit", (code, signal) => {
  clearInterval(watch)
  process.removeAllListeners()
  if (signal) process.kill(process.pid, signal)
  else process.exit(code ?? 1)
})
