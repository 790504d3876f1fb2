import { flagOf } from "./flag.ts"

const SIZE = 20

let known: boolean | undefined

/** Whether this browser has flags among its emoji: drawn in black, a flag still has colours. */
export const drawsFlags = (): boolean => (known ??= tryOut())

const tryOut = (): boolean => {
  const canvas = document.createElement("canvas")
  canvas.width = SIZE
  canvas.height = SIZE
  const context = canvas.getContext("2d")
  if (context === null) return false
  context.font = `${SIZE - 4}px sans-serif`
  context.textBaseline = "top"
  context.fillText(flagOf("NL"), 0, 0)
  const { data } = context.getImageData(0, 0, SIZE, SIZE)
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return true
  }
  return false
}
