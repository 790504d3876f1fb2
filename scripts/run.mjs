// Runs the tools of the workspace, each on the Node.js that runs this file.
import { spawnSync } from "node:child_process"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = join(dirname(fileURLToPath(import.meta.url)), "..")

/** Runs `node FILE ARGS` in the root; ends this process when it fails. */
export function run(title, file, ...args) {
  console.log(`\n> ${title}`)
  const started = Date.now()
  const { status } = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: "inherit" })
  if (status !== 0) {
    console.error(`${title}: failed`)
    process.exit(status ?? 1)
  }
  console.log(`  ${((Date.now() - started) / 1000).toFixed(1)} s`)
}
