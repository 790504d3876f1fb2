import { IconBan, IconDeviceSim, IconKey, IconMessages, IconWallet, IconWebhook, IconWorld } from "@tabler/icons-react"

/** The tabs, in their order. */
export const NAVIGATION = [
  { name: "sms", to: "/sms", Icon: IconMessages },
  { name: "numbers", to: "/numbers", Icon: IconDeviceSim },
  { name: "wallet", to: "/wallet", Icon: IconWallet },
  { name: "keys", to: "/keys", Icon: IconKey },
  { name: "webhooks", to: "/webhooks", Icon: IconWebhook },
  { name: "coverage", to: "/coverage", Icon: IconWorld },
  { name: "optOuts", to: "/opt-outs", Icon: IconBan }
] as const
