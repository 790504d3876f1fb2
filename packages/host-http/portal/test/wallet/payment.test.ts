import { expect, test } from "vitest"
import { paymentOf } from "../../src/wallet/payment.ts"

const holding = (balance: string) => paymentOf({ balance, currency: "EUR" }, "0.75")

test("a balance equal to the price pays it", () => {
  expect(holding("0.75")).toMatchObject({ enough: true, left: "0" })
  expect(holding("0.749999")).toMatchObject({ enough: false, left: "-0.000001" })
})
