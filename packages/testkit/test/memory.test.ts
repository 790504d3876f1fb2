/** The in-memory ports do what every adapter must. */
import { layerMemory } from "@cliqtel/sms-core"
import { Layer } from "effect"
import { dispatchQueueSuite, Fixture, messageStoreSuite, walletSuite } from "../src/index.ts"

const memory = Fixture.layer.pipe(Layer.provideMerge(layerMemory()))

walletSuite("memory", memory)
messageStoreSuite("memory", memory)
dispatchQueueSuite("memory", memory)
