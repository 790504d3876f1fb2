export * from "./CrashPoint.ts"
export * from "./everyCrashPoint.ts"
export * from "./SimulatedCarrier.ts"
export * from "./simulate.ts"
