import { useEffect } from "react"

/** Longer than a dialog takes to give the focus back by itself. */
const GRACE_MILLIS = 100

/**
 * What has the focus may lose it unasked. A button that is busy cannot have it, and gets it back. What goes, such as a
 * link with its page or a button with the record it removed, leaves it to the content, so that whoever uses the keyboard
 * goes on from there. A dialog that is open looks after itself.
 */
export const useFocusKept = (contentId: string): void => {
  useEffect(() => {
    let latest: Element | null = null
    let isBusy = false
    let timer: ReturnType<typeof setTimeout> | undefined

    const follow = () => {
      latest = document.activeElement
      isBusy = false
    }
    const give = () => {
      timer = undefined
      if (latest === null || document.activeElement !== document.body) return
      if (latest.isConnected) {
        if (isBusy && latest instanceof HTMLElement && !latest.matches(":disabled"))
          latest.focus({ preventScroll: true })
        return
      }
      if (document.querySelector("[role=dialog]") !== null) return
      document.getElementById(contentId)?.focus({ preventScroll: true })
    }
    const observer = new MutationObserver(() => {
      if (latest?.isConnected === true && latest.matches(":disabled")) isBusy = true
      timer ??= setTimeout(give, latest?.isConnected === true ? 0 : GRACE_MILLIS)
    })
    /** Whoever clicks elsewhere meanwhile means it. */
    const leave = () => {
      isBusy = false
    }
    document.addEventListener("focusin", follow)
    document.addEventListener("pointerdown", leave)
    observer.observe(document.body, { attributeFilter: ["disabled"], childList: true, subtree: true })
    return () => {
      clearTimeout(timer)
      document.removeEventListener("focusin", follow)
      document.removeEventListener("pointerdown", leave)
      observer.disconnect()
    }
  }, [contentId])
}
