import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

/** The host that `vite` passes the API's calls on to while somebody works on the portal. */
const HOST = process.env.PORTAL_HOST ?? "http://127.0.0.1:3000"

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2023",
    // An inlined asset would be a data: URL, which the content security policy refuses for all but images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false
  },
  server: { proxy: { "/api": { target: HOST }, "/readyz": { target: HOST } } }
})
