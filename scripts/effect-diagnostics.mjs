// Effects that are never run, failures that are not returned, and whatever else @effect/tsgo knows. Its suggestions count
// as errors too: there are none today.
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { root } from "./run.mjs"

const tool = join(root, "node_modules/@effect/tsgo/dist/effect-tsgo.cjs")
let failed = false
for (const name of ["core", "adapters", "testkit", "host-http"]) {
  const project = join(root, "packages", name, "tsconfig.json")
  const { stderr, stdout } = spawnSync(
    process.execPath,
    [tool, "diagnostics", "--format", "text", "--project", project],
    {
      cwd: join(root, "packages", name),
      encoding: "utf8"
    }
  )
  const checked = /Checked (\d+) files/.exec(stdout)?.[1]
  if (!/^0 errors, 0 warnings and 0 messages\.$/m.test(stdout) || checked === undefined || checked === "0") {
    failed = true
    console.error(stdout + stderr)
  } else console.log(`  ${name}: ${checked} files`)
}
process.exit(failed ? 1 : 0)
