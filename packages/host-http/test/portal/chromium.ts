/**
 * A Chromium to test with: the system's, else the one that @sparticuz/chromium ships, unpacked once with the libraries
 * that a bare server lacks.
 */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises"
import { findPackageJSON } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { type Browser, chromium } from "playwright-core"

const OF_THE_SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium"
]

const SHIPPED = "@sparticuz/chromium"

export const launchChromium = async (): Promise<Browser> => {
  const ofTheSystem = OF_THE_SYSTEM.find((path) => existsSync(path))
  const env = ofTheSystem === undefined ? await unpacked() : undefined
  return chromium.launch({
    executablePath: ofTheSystem ?? join(env?.folder ?? "", "chromium"),
    // As root, which containers are, its sandbox cannot be; and it shall call nobody but the host.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run"
    ],
    ...(env === undefined ? {} : { env: { ...process.env, ...env.variables } })
  })
}

const unpacked = async () => {
  const manifest = findPackageJSON(SHIPPED, import.meta.url)
  if (manifest === undefined) throw new Error(`${SHIPPED} is not installed`)
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { readonly version: string }
  const cache = fileURLToPath(new URL("../../../../node_modules/.cache/chromium", import.meta.url))
  const folder = join(cache, version)
  if (!existsSync(folder)) await unpack(cache, folder)
  return {
    folder,
    variables: {
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
      LD_LIBRARY_PATH: [join(folder, "al2023/lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":")
    }
  }
}

/** In a process of its own: where it unpacks to and whether with libraries, the package reads from the environment. */
const unpack = async (cache: string, folder: string) => {
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, "new-"))
  const script = `const { default: chromium } = await import("${SHIPPED}"); await chromium.executablePath()`
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: dirname(fileURLToPath(import.meta.url)),
    env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" }
  })
  await writeFile(join(fresh, "fonts.conf"), fontsOf(folder))
  // Whoever unpacked it meanwhile has the same.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }))
}

/** The package's own names the folders of AWS Lambda and /tmp: without any font the browser ends at the first text. */
const fontsOf = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
</fontconfig>
`
