/** Whoever signs out leaves in every tab: what was read and written there is for nobody who comes later. */
import { forgetDrafts } from "../sms/compose/storage.ts"

const others = new BroadcastChannel("cliqtel.signedOut")

const leaveHere = () => {
  forgetDrafts(sessionStorage)
  // A new page forgets all that this one has read.
  location.assign("/")
}

export const leave = (): void => {
  // A channel has no target; windows have one.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  others.postMessage(null)
  leaveHere()
}

/** From now on also when another tab signs out. */
export const leaveWithOthers = (): void => others.addEventListener("message", leaveHere)
