/** What cannot be done for a customer, as the problem that tells whoever runs the host. */
import {
  type AccountNotFound,
  type BalanceLimit,
  type CarrierNotFound,
  type CountryNotPriced,
  type CreditMismatch,
  type CurrencyNotPriced,
  formatMoney,
  type NumberNotFound,
  type NumberTaken,
  type RepeatError
} from "@cliqtel/sms-core"
import { type Problem, problem } from "../api/Problem.ts"
import { invalid } from "../Body.ts"
import { aboveLimit } from "./DeskRejections.ts"
import { rejectionProblem } from "./Rejections.ts"

export type OperatorError =
  | AccountNotFound
  | BalanceLimit
  | CarrierNotFound
  | CurrencyNotPriced
  | CountryNotPriced
  | CreditMismatch
  | NumberNotFound
  | NumberTaken
  | RepeatError

export const operatorProblem = (error: OperatorError): Problem => {
  switch (error._tag) {
    case "AccountNotFound":
      return problem("not_found", `There is no account ${error.id}.`)
    case "NumberNotFound":
      return problem("not_found", `There is no number ${error.numberId}.`)
    case "CurrencyNotPriced":
      return invalid([{ path: "currency", message: `must be one that prices are in: ${error.priced.join(", ")}` }])
    case "CountryNotPriced":
      return invalid([{ path: "country", message: "must be one that has prices in the account's currency" }])
    case "CarrierNotFound":
      return invalid([{ path: "carrier", message: "must be one that this host is connected to" }])
    case "BalanceLimit":
      return aboveLimit(error)
    case "NumberTaken":
      return problem("number_taken", `${error.number} is in an account already.`)
    case "CreditMismatch":
      return problem(
        "idempotency_mismatch",
        `This reference was credited with ${formatMoney(error.amount)} before. Use a new one for another amount.`
      )
    case "IdempotencyMismatch":
    case "IdempotencyInProgress":
      return rejectionProblem(error)
  }
}
