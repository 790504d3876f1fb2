/** The operations of whoever runs the host. */
import {
  type Account,
  Carriers,
  Coverage,
  type IdempotencyKey,
  Idempotent,
  type Kept,
  keptAs,
  Micros,
  Money,
  OPERATOR,
  Operator,
  OwnedNumber,
  SCOPES,
  TopUps
} from "@cliqtel/sms-core"
import { Effect } from "effect"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { BearerToken } from "../api/Authorization.ts"
import {
  type Account as AccountOnWire,
  ChangeAccount,
  ChangeCarrier,
  ChangeNumber,
  Credit,
  NewNumber,
  OpenAccount,
  OpenedAccount
} from "../api/Customer.ts"
import { problem } from "../api/Problem.ts"
import { hashApiKey, keyHint, makeApiKey } from "../ApiKey.ts"
import { withBody } from "../Body.ts"
import { BodyMemory } from "../BodyMemory.ts"
import { carryOn } from "../CarryOn.ts"
import { DefaultCarrier } from "../DefaultCarrier.ts"
import { layerLight, withServices } from "../LightRequests.ts"
import { replayHeaders, requestKey, sealedRequestKey } from "../RequestKey.ts"
import { sealed } from "../Sealed.ts"
import { operatorProblem } from "./OperatorProblems.ts"
import { numberShape } from "./Shapes.ts"

/** What an account begins with. */
const OPENING = {
  perSecond: 10,
  lowBalance: Micros.make(5_000_000n),
  /** Of its test account. */
  playMoney: Micros.make(100_000_000n)
}

const kept = { account: keptAs(OpenedAccount), balance: keptAs(Money), number: keptAs(OwnedNumber) }

export const layerAdmin = HttpApiBuilder.group(
  Api,
  "admin",
  Effect.fnUntraced(function* (handlers) {
    const operator = yield* Operator
    const topUps = yield* TopUps
    const idempotent = yield* Idempotent
    const memory = yield* BodyMemory
    const defaultCarrier = yield* DefaultCarrier
    const undisturbed = yield* carryOn
    const numberOf = numberShape(yield* Coverage, yield* Carriers)

    const once = <A, E, R>(idempotency: IdempotencyKey | undefined, kept: Kept<A>, work: Effect.Effect<A, E, R>) =>
      undisturbed(idempotent.run({ owner: OPERATOR, idempotency, kept }, work))

    const openAccount = Effect.fnUntraced(function* ({ currency, name }: typeof OpenAccount.Type) {
      const api_key = makeApiKey("live")
      const test_api_key = makeApiKey("test")
      const { live, test } = yield* operator.openAccount({
        name,
        currency,
        ...OPENING,
        liveKey: keyMaterial(api_key),
        testKey: keyMaterial(test_api_key)
      })
      const account = { ...accountShape(live), test_account_id: test.id }
      return { success: true as const, account, api_key, test_api_key }
    })

    return handlers
      .handleRaw(
        "openAccount",
        withBody(
          memory,
          OpenAccount,
          Effect.fnUntraced(function* (payload, { headers }) {
            const token = yield* BearerToken
            const request = sealedRequestKey({ headers, path: "/admin/accounts", payload }, token)
            const { answer, replayed } = yield* once(request, sealed(kept.account, token), openAccount(payload)).pipe(
              Effect.mapError(operatorProblem)
            )
            return HttpApiSchema.withHeaders({ body: answer, headers: replayHeaders(replayed) })
          })
        )
      )
      .handleRaw(
        "changeAccount",
        withBody(
          memory,
          ChangeAccount,
          Effect.fnUntraced(function* (payload, { params }) {
            const change = {
              name: payload.name,
              perSecond: payload.rate_limit_per_second,
              lowBalance: payload.low_balance_threshold
            }
            const account = yield* undisturbed(operator.changeAccount(params.id, change)).pipe(
              Effect.mapError(operatorProblem)
            )
            return { success: true as const, account: accountShape(account) }
          })
        )
      )
      .handleRaw(
        "credit",
        withBody(
          memory,
          Credit,
          Effect.fnUntraced(function* (payload, { headers, params }) {
            const request = requestKey({ headers, path: `/admin/accounts/${params.id}/credits`, payload })
            const credited = topUps.credit(params.id, payload.amount, payload.reference)
            const { answer, replayed } = yield* once(request, kept.balance, credited).pipe(
              Effect.mapError(operatorProblem)
            )
            return HttpApiSchema.withHeaders({
              body: { success: true as const, wallet: { balance: answer.micros, currency: answer.currency } },
              headers: replayHeaders(replayed)
            })
          })
        )
      )
      .handleRaw(
        "addNumber",
        withBody(
          memory,
          NewNumber,
          Effect.fnUntraced(function* (payload, { headers, params }) {
            const request = requestKey({ headers, path: `/admin/accounts/${params.id}/numbers`, payload })
            const added = operator.addNumber(params.id, { carrier: defaultCarrier.name, ...payload })
            const { answer, replayed } = yield* once(request, kept.number, added).pipe(Effect.mapError(operatorProblem))
            return HttpApiSchema.withHeaders({
              body: { success: true as const, number: numberOf(answer) },
              headers: replayHeaders(replayed)
            })
          })
        )
      )
      .handleRaw(
        "changeNumber",
        withBody(
          memory,
          ChangeNumber,
          Effect.fnUntraced(function* (payload, { params }) {
            const change = { status: payload.status, profileAssigned: payload.messaging_profile_assigned }
            const number = yield* undisturbed(operator.changeNumber(params.id, change)).pipe(
              Effect.mapError(operatorProblem)
            )
            return { success: true as const, number: numberOf(number) }
          })
        )
      )
      .handleRaw(
        "changeCarrier",
        withBody(
          memory,
          ChangeCarrier,
          Effect.fnUntraced(function* ({ paused }, { params: { name } }) {
            yield* undisturbed(operator.pauseCarrier(name, paused)).pipe(Effect.mapError(() => notConnected(name)))
            return { success: true as const, carrier: { name, paused } }
          })
        )
      )
  }, withServices)
).pipe(layerLight)

const notConnected = (name: string) => problem("not_found", `This host is not connected to a carrier ${name}.`)

const keyMaterial = (key: string) => ({
  name: "First key",
  hash: hashApiKey(key),
  hint: keyHint(key),
  scopes: SCOPES
})

const accountShape = (account: Account): AccountOnWire => ({
  id: account.id,
  name: account.name,
  currency: account.currency,
  rate_limit_per_second: account.perSecond,
  low_balance_threshold: account.lowBalance,
  created_at: account.createdAt
})
