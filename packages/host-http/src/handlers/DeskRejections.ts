/** Each error of what customers do beside sending, as the problem that tells it. */
import {
  type AccountNotFound,
  type BalanceLimit,
  formatMoney,
  type KeyNotFound,
  type OrderError,
  type RepeatError,
  type ScopesExceeded,
  type SwitchError,
  type TopUpError,
  type WebhookError
} from "@cliqtel/sms-core"
import { type Problem, problem } from "../api/Problem.ts"
import { invalid } from "../Body.ts"
import { unavailable } from "../Failures.ts"
import { insufficient, rejectionProblem } from "./Rejections.ts"

/** Whoever has a key has an account: one that is not there is no answer to a request, but a defect. */
export type Told<E> = Exclude<E, AccountNotFound>

export const switchProblem = (error: SwitchError): Problem => {
  switch (error._tag) {
    case "NumberNotFound":
      return rejectionProblem(error)
    case "SmsUnavailable":
      return smsUnavailable(error)
    case "NumberNotActive":
      return problem("number_not_active", `${error.number} is ${error.status}; SMS can be enabled once it is active.`)
    case "InsufficientBalance":
      return insufficient((price) => `The add-on costs ${price} a month`, error)
  }
}

export const orderProblem = (error: Told<OrderError>): Problem => {
  switch (error._tag) {
    case "SmsUnavailable":
      return smsUnavailable(error)
    case "NumberTaken":
      return problem("number_taken", `${error.number} is no longer available. Nothing was ordered.`)
    case "DuplicateItem":
      return problem("validation_failed", "A number can be in an order once.", {
        errors: [{ path: `items.${error.index}.number`, message: "is in the order already" }]
      })
    case "InsufficientBalance":
      return insufficient((price) => `The order costs ${price}`, error)
    case "IdempotencyMismatch":
    case "IdempotencyInProgress":
      return rejectionProblem(error)
  }
}

export const aboveLimit = ({ limit }: BalanceLimit): Problem =>
  invalid([{ path: "amount", message: `must not bring the balance above ${formatMoney(limit)}` }])

export const topUpProblem = (error: Told<TopUpError>): Problem => {
  switch (error._tag) {
    case "TopUpsNotOffered":
      return problem("forbidden", "This host takes no payments for this account. Ask whoever runs it for a credit.")
    case "BalanceLimit":
      return aboveLimit(error)
    case "PaymentDeclined":
      return problem("payment_declined", `The payment was declined: ${error.reason}.`)
    case "PaymentPending":
      return unavailable(
        "It is not known yet whether the payment went through. It will be booked once it is paid; do not pay again.",
        PAYMENT_MILLIS
      )
    case "IdempotencyMismatch":
    case "IdempotencyInProgress":
      return rejectionProblem(error)
  }
}

export const keyProblem = (error: ScopesExceeded | KeyNotFound | RepeatError): Problem => {
  switch (error._tag) {
    case "ScopesExceeded":
      return problem("forbidden", `The API key lacks ${error.missing.join(", ")}, so it cannot give them to another.`)
    case "KeyNotFound":
      return problem("not_found", `There is no API key ${error.id} in this account.`)
    case "IdempotencyMismatch":
    case "IdempotencyInProgress":
      return rejectionProblem(error)
  }
}

export const webhookProblem = (error: WebhookError | RepeatError): Problem => {
  switch (error._tag) {
    case "WebhookNotFound":
      return problem("not_found", `There is no webhook ${error.id} in this account.`)
    case "DeliveryNotFound":
      return problem("not_found", `There is no delivery ${error.id} to this webhook.`)
    case "WebhookUrlRefused":
      return invalid([{ path: "url", message: error.reason }])
    case "TooManyWebhooks":
      return problem("webhook_limit", `An account may have ${error.most} webhooks.`)
    case "WebhookDisabled":
      return problem("webhook_disabled", `Webhook ${error.id} is disabled; nothing was sent.`)
    case "IdempotencyMismatch":
    case "IdempotencyInProgress":
      return rejectionProblem(error)
  }
}

/** Payments are asked for again after a minute. */
const PAYMENT_MILLIS = 60_000

const smsUnavailable = ({ number }: { readonly number: string }): Problem =>
  problem("sms_unavailable", `SMS is not available for ${number}: numbers of its type in its country cannot do it.`)
