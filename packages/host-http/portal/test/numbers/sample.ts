import type { PhoneNumber } from "../../src/numbers/numbers.ts"

export const number: PhoneNumber = {
  id: 2,
  number: "+31612340001",
  country: "NL",
  type: "mobile",
  status: "active",
  monthly_price: "1",
  currency: "EUR",
  sms: {
    available: true,
    enabled: false,
    state: "off",
    monthly_price: "0.75",
    currency: "EUR",
    paid_until: null
  },
  messaging_profile: { assigned: true, inbound_hook: "configured", last_inbound_at: null },
  help_text: null
}

export const withSms = (sms: Partial<PhoneNumber["sms"]>): PhoneNumber => ({
  ...number,
  sms: { ...number.sms, ...sms }
})
