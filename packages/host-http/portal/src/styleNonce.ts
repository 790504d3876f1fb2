/** The nonce that the host gave this page's styles. Browsers hide it from selectors, so it is read as a property. */
export const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ""

declare global {
  var __webpack_nonce__: string | undefined
}

// Where the library looks that keeps the page behind a dialog from scrolling.
globalThis.__webpack_nonce__ = styleNonce()
