// The rules that keep the packages apart are only worth something if breaking one is noticed: plants a violation of each in a
// copy and sees to it that the tool in charge objects.
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { root } from "./run.mjs"

const lint = (package_, code, folder = "") => ({ tool: "oxlint", package_, folder, code })
const types = (package_, code) => ({ tool: "tsc", package_, folder: "", code })

const violations = [
  lint("core", 'import { SqlClient } from "effect/sql"\nexport const x = SqlClient'),
  lint("core", 'import type { HttpClient } from "effect/http"\nexport type X = HttpClient.HttpClient'),
  lint("core", 'import { readFileSync } from "node:fs"\nexport const x = readFileSync'),
  lint("core", 'import { layer } from "@cliqtel/sms-adapters/postgres"\nexport const x = layer'),
  lint("core", "export const x = new Date()"),
  lint("core", "export const x = Math.random()"),
  lint("core", 'import { Result } from "effect"\nexport const x = Result', "segment"),
  lint("core", 'import { money } from "../Money.ts"\nexport const x = money', "segment"),
  lint("core", 'import { encode } from "./Encode.ts"\nexport const x = encode', "segment"),
  lint("adapters", 'import { Api } from "@cliqtel/sms-host-http/api"\nexport const x = Api'),
  lint("adapters", 'import { Fixture } from "@cliqtel/sms-testkit"\nexport const x = Fixture'),
  lint("adapters", 'import { money } from "../../core/src/Money.ts"\nexport const x = money'),
  lint("testkit", 'import { layer } from "@cliqtel/sms-adapters/postgres"\nexport const x = layer'),
  lint("host-http", 'import { Fixture } from "@cliqtel/sms-testkit"\nexport const x = Fixture'),
  lint("host-http", 'import { money } from "../../core/src/Money.ts"\nexport const x = money'),
  types("core", "console.log(1)\nexport {}"),
  types("core", 'export const x = fetch("http://example.com")'),
  types("core", "export const x = process.env"),
  types("core", 'import { PgClient } from "@effect/sql-pg"\nexport const x = PgClient'),
  types("core", 'import { layer } from "@cliqtel/sms-adapters/postgres"\nexport const x = layer'),
  types("testkit", 'import { layer } from "@cliqtel/sms-adapters/postgres"\nexport const x = layer'),
  types("adapters", 'import { money } from "../../core/src/Money.ts"\nexport const x = money')
]

const copy = mkdtempSync(join(tmpdir(), "arrows-"))
try {
  for (const name of [".oxlintrc.json", "tsconfig.base.json"]) cpSync(join(root, name), join(copy, name))
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"))
  for (const name of ["core", "adapters", "testkit", "host-http"]) {
    mkdirSync(join(copy, "packages", name, "src", "segment"), { recursive: true })
    cpSync(join(root, "packages", name, "tsconfig.json"), join(copy, "packages", name, "tsconfig.json"))
    symlinkSync(join(root, "packages", name, "node_modules"), join(copy, "packages", name, "node_modules"))
  }
  // What a relative import across packages would find.
  cpSync(join(root, "packages/core/src/Money.ts"), join(copy, "packages/core/src/Money.ts"))

  let missed = 0
  for (const { code, folder, package_, tool } of violations) {
    const file = join(copy, "packages", package_, "src", folder, "planted.ts")
    writeFileSync(file, `${code}\n`)
    const [program, args] =
      tool === "oxlint"
        ? ["node_modules/oxlint/bin/oxlint", [file]]
        : [
            "node_modules/typescript/bin/tsc",
            ["-p", join(copy, "packages", package_), "--noEmit", "--composite", "false"]
          ]
    const { status, stdout } = spawnSync(process.execPath, [join(root, program), ...args], {
      cwd: copy,
      encoding: "utf8"
    })
    const objected = status !== 0 && stdout.includes("planted.ts")
    if (!objected) {
      missed++
      console.error(`  ${tool} does not object to this in ${package_}:\n${code}\n${stdout}`)
    }
    rmSync(file)
  }
  console.log(`  ${violations.length - missed} of ${violations.length} planted violations were noticed`)
  process.exitCode = missed === 0 ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
