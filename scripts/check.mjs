// Everything that can be said of the code without running it: format, lint and dependency arrows, types, dead code, and
// the build of the packages as they would be published.
import { run } from "./run.mjs"

run("format", "node_modules/oxfmt/bin/oxfmt", "--check", ".")
run("lint", "node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings", ".")
run("dependency arrows", "scripts/arrows.mjs")
run("types", "node_modules/typescript/bin/tsc", "-b")
run("floating effects", "scripts/effect-diagnostics.mjs")
run("dead code", "node_modules/knip/bin/knip.js")
run("packages", "scripts/build.mjs", "--lint")
