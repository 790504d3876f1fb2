/** The simulated carrier, a shop of numbers and a payment provider: all that a demo or a test needs, and no money. */
export * from "./Sandbox.ts"
export * from "./RemoteSandbox.ts"
export * from "./SandboxNumbers.ts"
export * from "./SandboxPayments.ts"
export { inboundParts } from "./InboundParts.ts"
export { scriptFor } from "./Script.ts"
