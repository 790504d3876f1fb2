/** Begins once the reader's language is there, so nothing is ever shown in another. */
import "@mantine/core/styles.css"
import "./portal.css"
import { createRoot } from "react-dom/client"
import { App } from "./App.tsx"
import { startI18n } from "./i18n/i18n.ts"
import { leaveWithOthers } from "./session/leave.ts"

const root = document.querySelector("#root")
if (root === null) throw new Error("index.html has no #root")

leaveWithOthers()
await startI18n()
createRoot(root).render(<App />)
