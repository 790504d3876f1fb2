import { useEffect } from "react"

/**
 * What had the focus may go: a link with its page, a button with the record it removed. The content has it then, so that
 * whoever uses the keyboard goes on from there.
 */
export const useFocusKept = (contentId: string): void => {
  useEffect(() => {
    let latest: Element | null = null
    const follow = () => {
      latest = document.activeElement
    }
    const observer = new MutationObserver(() => {
      if (latest === null || latest.isConnected || document.activeElement !== document.body) return
      document.getElementById(contentId)?.focus({ preventScroll: true })
    })
    document.addEventListener("focusin", follow)
    observer.observe(document.body, { childList: true, subtree: true })
    return () => {
      document.removeEventListener("focusin", follow)
      observer.disconnect()
    }
  }, [contentId])
}
