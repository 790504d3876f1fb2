// Runs every test, or those that the arguments name as vitest understands them. Ends with `N passed, N failed`; a skipped
// test is a failure, since nobody would notice it.
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { root, run } from "./run.mjs"

// What the browser tests open.
run("portal", "scripts/portal.mjs")

const folder = mkdtempSync(join(tmpdir(), "test-report-"))
const report = join(folder, "report.json")
const { status } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2)
  ],
  { cwd: root, stdio: "inherit" }
)

let counts
try {
  counts = JSON.parse(readFileSync(report, "utf8"))
} catch {
  console.error("vitest wrote no report")
  process.exit(status || 1)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const { numFailedTests, numFailedTestSuites, numPassedTests, numTotalTests } = counts
const skipped = numTotalTests - numPassedTests - numFailedTests
if (skipped > 0) console.error(`${skipped} tests were skipped`)
// A file that could not even be loaded has no failed test of its own.
const failed = Math.max(numFailedTests, status !== 0 || numFailedTestSuites > 0 ? 1 : 0) + skipped
console.log(`${numPassedTests} passed, ${failed} failed`)
process.exit(failed > 0 || numPassedTests === 0 ? 1 : 0)
