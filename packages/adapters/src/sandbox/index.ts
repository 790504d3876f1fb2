/** The simulated carrier. */
export * from "./Sandbox.ts"
export { scriptFor } from "./Script.ts"
