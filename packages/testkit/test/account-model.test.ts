/** The core on its in-memory ports does what the model says: the first half of 10,000 runs. */
import { layerMemory } from "@cliqtel/sms-core"
import { Layer } from "effect"
import { accountModelSuite } from "../src/accountModel/accountModelSuite.ts"
import { Fixture } from "../src/Fixture.ts"

accountModelSuite("memory, half 1", Fixture.layer.pipe(Layer.provideMerge(layerMemory())), {
  runs: 5000,
  maxCommands: 30,
  perStore: 50,
  seed: 1
})
