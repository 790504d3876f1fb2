/** A carrier in a process of its own that misbehaves by a seed and knows the truth; see also main.ts. */
export { startSimulator, type Simulator, type SimulatorOptions } from "./Simulator.ts"
export type { Fate, FatedReceipt } from "./Fate.ts"
export type { Fault, IssuedReceipt, Log, MessageTruth, SubmitTruth } from "./Truth.ts"
export { seededRandom } from "../seededRandom.ts"
export { type Received, type Receiver, startReceiver } from "./WebhookReceiver.ts"
