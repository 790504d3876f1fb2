/** The in-memory ports do what every adapter must. */
import { layerMemory } from "@cliqtel/sms-core"
import { Layer } from "effect"
import { Fixture, invariantsSuite, portSuites } from "../src/index.ts"

const memory = Fixture.layer.pipe(Layer.provideMerge(layerMemory()))
const many = { runs: 300 }

portSuites("memory", memory, many)
invariantsSuite("memory", memory, many)
