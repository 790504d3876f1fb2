// Builds every package into its dist folder. With --lint, also looks at each as npm would install it.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import { root, run } from "./run.mjs"

const packages = ["core", "adapters", "testkit", "host-http"]

run("build", "node_modules/typescript/bin/tsc", "-b", ...packages.map((name) => join("packages", name)))
run("portal", "scripts/portal.mjs")
cpSync(
  join(root, "packages/adapters/src/postgres/migrations"),
  join(root, "packages/adapters/dist/postgres/migrations"),
  {
    recursive: true
  }
)

if (process.argv.includes("--lint")) {
  let failed = false
  for (const name of packages) {
    const source = join(root, "packages", name)
    const staged = mkdtempSync(join(tmpdir(), "package-"))
    const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"))
    // What publishing makes of it.
    const published = { ...manifest, ...manifest.publishConfig }
    writeFileSync(join(staged, "package.json"), JSON.stringify(published))
    for (const folder of manifest.files) cpSync(join(source, folder), join(staged, folder), { recursive: true })
    const { messages } = await publint({ pkgDir: staged, pack: false, strict: true })
    for (const message of messages) console.error(`  ${name}: ${formatMessage(message, published)}`)
    failed ||= messages.length > 0
    console.log(`  ${name}: ${messages.length} remarks`)
    rmSync(staged, { recursive: true, force: true })
  }
  if (failed) process.exit(1)
}
