// Runs `node ARGS` on a Node.js that is new enough: the one that runs this file, or the one that the workspace brings.
// Plain JavaScript for Node.js 20 and newer. Signals go to the child; when this process dies, the child's stdin pipe
// of the "ipc" channel closes, so that a killed launcher never leaves a host behind.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
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
child.on("exit", (code, signal) => {
  process.removeAllListeners()
  if (signal) process.kill(process.pid, signal)
  else process.exit(code ?? 1)
})
