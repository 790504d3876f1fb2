import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "packages/host-http/portal/test/**/*.test.ts", "examples/*.test.ts"],
    globalSetup: ["packages/adapters/test/postgresServer.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A test without an assertion cannot fail.
    expect: { requireAssertions: false },
    allowOnly: false
  }
})
