/** The core on its in-memory ports does what the model says. */
import { layerMemory } from "@cliqtel/sms-core"
import { Layer } from "effect"
import { Fixture, accountModelSuite } from "../src/index.ts"

accountModelSuite("memory", Fixture.layer.pipe(Layer.provideMerge(layerMemory())), { runs: 2500, perStore: 50 })
