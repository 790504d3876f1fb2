// Builds the portal that the host serves, unless it is built and nothing of it is newer; --force builds it anyway. Each
// file is compressed once here, so that no request waits for that.
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import { root } from "./run.mjs"

const portal = join(root, "packages/host-http/portal")
const built = join(portal, "dist")
const stamp = join(built, ".built")

const SOURCES = ["src", "public", "index.html", "package.json", "vite.config.ts"].map((name) => join(portal, name))
// What of the rest of the workspace ends up in it.
SOURCES.push(join(root, "packages/core/src/segment"), join(root, "pnpm-lock.yaml"), import.meta.filename)

const filesOf = (path) =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesOf(join(path, name))) : [path]

const changedAt = (path) => Math.max(...filesOf(path).map((file) => statSync(file).mtimeMs))

const isFresh = () => existsSync(stamp) && SOURCES.every((path) => changedAt(path) <= statSync(stamp).mtimeMs)

const COMPRESSED = /\.(css|html|js|json|svg|txt|webmanifest)$/

if (process.argv.includes("--force") || !isFresh()) {
  rmSync(stamp, { force: true })
  const started = new Date()
  const { status } = spawnSync(process.execPath, [join(portal, "node_modules/vite/bin/vite.js"), "build"], {
    cwd: portal,
    stdio: ["ignore", "ignore", "inherit"]
  })
  if (status !== 0) process.exit(status ?? 1)
  for (const file of filesOf(built).filter((path) => COMPRESSED.test(path))) {
    const bytes = readFileSync(file)
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
    writeFileSync(
      `${file}.br`,
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })
    )
  }
  // Of the beginning: a source that was changed meanwhile is newer.
  writeFileSync(stamp, "")
  utimesSync(stamp, started, started)
  console.log("The portal was built.")
}
