/** The simulated carrier as a process: SEED and PORT in its environment, its address on the first line that it prints. */
import { startSimulator } from "./Simulator.ts"

const { url } = await startSimulator({ seed: Number(process.env["SEED"] ?? 1), port: Number(process.env["PORT"] ?? 0) })
process.stdout.write(`Simulator at ${url}\n`)
