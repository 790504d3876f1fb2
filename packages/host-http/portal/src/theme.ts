/** Colours and shapes. The contrast of text is AA in both schemes. */
import { createTheme, type MantineColorsTuple } from "@mantine/core"

const indigo: MantineColorsTuple = [
  "#eef2ff",
  "#dbe4ff",
  "#bac8ff",
  "#91a7ff",
  "#748ffc",
  "#5c7cfa",
  "#4263eb",
  "#3b5bdb",
  "#364fc7",
  "#2b3f9e"
]

/** Mantine makes the title bar of a dialog a <header>, which would be a second banner of the page. */
const dialog = {
  defaultProps: {
    attributes: { header: { role: "none" } },
    styles: { title: { fontSize: "var(--mantine-font-size-lg)", fontWeight: 650, overflowWrap: "anywhere" } }
  }
}

export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  colors: { indigo },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily:
    "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans Devanagari', 'Noto Sans CJK SC', sans-serif",
  headings: { fontWeight: "650" },
  components: { Modal: dialog, Drawer: dialog }
})
