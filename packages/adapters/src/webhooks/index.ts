export * from "./Sender.ts"
export * from "./Signature.ts"
