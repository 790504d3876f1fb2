/**
 * The portal as it was built, read once: a request looks its path up among these and never comes near the disk. What is
 * beside a file with .br or .gz behind its name is that file, compressed.
 */
import { Effect, Schema } from "effect"
import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { extname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import type { ContentCoding } from "./ContentCoding.ts"

export interface PortalFile {
  readonly path: `/${string}`
  readonly type: string
  /** Its name changes with its content. */
  readonly isHashed: boolean
  readonly forms: ReadonlyMap<ContentCoding, { readonly bytes: Uint8Array; readonly etag: string }>
}

export interface PortalFiles {
  /** The one page that there is, cut where a nonce belongs. */
  readonly page: ReadonlyArray<string>
  readonly files: ReadonlyArray<PortalFile>
}

export class PortalUnreadable extends Schema.TaggedError<PortalUnreadable>()("PortalUnreadable", {
  message: Schema.String
}) {}

/** Beside the sources, and beside what they are compiled to. */
export const PORTAL_FOLDER = fileURLToPath(new URL("../portal/dist/", import.meta.url))

/** Undefined where it was not built. */
export const readPortal = (folder: string): Effect.Effect<PortalFiles | undefined, PortalUnreadable> =>
  Effect.tryPromise({
    try: () => read(folder),
    catch: (error) => new PortalUnreadable({ message: `The portal in ${folder} cannot be read: ${String(error)}` })
  })

const PAGE = "index.html"

/** Of which a path can be made as they are; what is hidden is nobody's business. */
const NAME = /^(\w[\w.-]*\/)*\w[\w.-]*$/

const NONCE = "__CSP_NONCE__"

const read = async (folder: string): Promise<PortalFiles | undefined> => {
  const names = new Set(await namesIn(folder))
  if (!names.has(PAGE)) return undefined
  const fileOf = async (name: string): Promise<PortalFile> => {
    const forms: Array<[ContentCoding, { bytes: Uint8Array; etag: string }]> = []
    for (const [coding, suffix] of FORMS) {
      if (!names.has(name + suffix)) continue
      const bytes = await readFile(join(folder, name + suffix))
      forms.push([coding, { bytes, etag: etagOf(bytes) }])
    }
    return { path: `/${name}`, type: typeOf(name), isHashed: name.startsWith("assets/"), forms: new Map(forms) }
  }
  const isForm = (name: string) => /\.(br|gz)$/.test(name) && names.has(name.replace(/\.\w+$/, ""))
  return {
    page: (await readFile(join(folder, PAGE), "utf8")).split(NONCE),
    files: await Promise.all([...names].filter((name) => name !== PAGE && !isForm(name)).map(fileOf))
  }
}

const FORMS: ReadonlyArray<readonly [ContentCoding, string]> = [
  ["identity", ""],
  ["br", ".br"],
  ["gzip", ".gz"]
]

const namesIn = async (folder: string): Promise<ReadonlyArray<string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return []
      throw error
    }
  )
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .filter((name) => NAME.test(name))
}

/** Each form has its own, since it is another sequence of bytes. */
const etagOf = (bytes: Uint8Array): string => `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 27)}"`

const typeOf = (name: string): string => TYPES.get(extname(name)) ?? "application/octet-stream"

const TYPES: ReadonlyMap<string, string> = new Map([
  [".css", "text/css; charset=utf-8"],
  [".html", "text/html; charset=utf-8"],
  [".ico", "image/x-icon"],
  [".jpg", "image/jpeg"],
  [".js", "text/javascript; charset=utf-8"],
  [".json", "application/json"],
  [".map", "application/json"],
  [".png", "image/png"],
  [".svg", "image/svg+xml"],
  [".txt", "text/plain; charset=utf-8"],
  [".webmanifest", "application/manifest+json"],
  [".webp", "image/webp"],
  [".woff2", "font/woff2"]
])
