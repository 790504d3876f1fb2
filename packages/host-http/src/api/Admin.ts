/** What whoever runs the host does for its customers: accounts, limits, credits, numbers, carriers. */
import { AccountId, NumberId } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { AdminAuthorization } from "./AdminAuthorization.ts"
import {
  Account,
  Carrier,
  ChangeAccount,
  ChangeCarrier,
  ChangeNumber,
  Credit,
  NewNumber,
  OpenAccount,
  OpenedAccount
} from "./Customer.ts"
import { IdempotencyHeader, ofIdempotencyKey, ReplayedHeader } from "./IdempotencyKey.ts"
import { PhoneNumber } from "./Number.ts"
import { ofBody, problems } from "./Problem.ts"
import { WalletState } from "./Wallet.ts"
import { answer, idFromText } from "./Wire.ts"

const ofAccount = { params: { id: idFromText(AccountId) } }

const openAccount = HttpApiEndpoint.post("openAccount", "/accounts", {
  headers: IdempotencyHeader,
  payload: OpenAccount,
  success: HttpApiSchema.WithHeaders(OpenedAccount.pipe(HttpApiSchema.status(201)), ReplayedHeader),
  error: problems(...ofBody, ...ofIdempotencyKey)
}).annotate(OpenApi.Summary, "Open an account; its keys are told in this answer alone")

const changeAccount = HttpApiEndpoint.patch("changeAccount", "/accounts/:id", {
  ...ofAccount,
  payload: ChangeAccount,
  success: answer({ account: Account }),
  error: problems(...ofBody)
}).annotate(OpenApi.Summary, "Change an account's name, rate limit or low-balance threshold")

const credit = HttpApiEndpoint.post("credit", "/accounts/:id/credits", {
  ...ofAccount,
  headers: IdempotencyHeader,
  payload: Credit,
  success: HttpApiSchema.WithHeaders(answer({ wallet: WalletState }).pipe(HttpApiSchema.status(201)), ReplayedHeader),
  error: problems(...ofBody, ...ofIdempotencyKey)
}).annotate(OpenApi.Summary, "Put money on an account's wallet, once per reference")

const addNumber = HttpApiEndpoint.post("addNumber", "/accounts/:id/numbers", {
  ...ofAccount,
  headers: IdempotencyHeader,
  payload: NewNumber,
  success: HttpApiSchema.WithHeaders(answer({ number: PhoneNumber }).pipe(HttpApiSchema.status(201)), ReplayedHeader),
  error: problems(...ofBody, ...ofIdempotencyKey, "number_taken")
}).annotate(OpenApi.Summary, "Put a number into an account, with SMS off")

const changeNumber = HttpApiEndpoint.patch("changeNumber", "/numbers/:id", {
  params: { id: idFromText(NumberId) },
  payload: ChangeNumber,
  success: answer({ number: PhoneNumber }),
  error: problems(...ofBody)
}).annotate(OpenApi.Summary, "Change a number's status, or assign its messaging profile")

const changeCarrier = HttpApiEndpoint.patch("changeCarrier", "/carriers/:name", {
  params: { name: Schema.String },
  payload: ChangeCarrier,
  success: answer({ carrier: Carrier }),
  error: problems(...ofBody)
}).annotate(OpenApi.Summary, "Pause a carrier: what is to go through it stays queued until it is unpaused")

export class Admin extends HttpApiGroup.make("admin")
  .add(openAccount, changeAccount, credit, addNumber, changeNumber, changeCarrier)
  .middleware(AdminAuthorization)
  .prefix("/api/v1/admin") {}
