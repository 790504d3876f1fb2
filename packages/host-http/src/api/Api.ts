/** The contract of the reference host: every operation, its schemas and its errors. No server code: clients import it. */
import { HttpApi } from "effect/http-api"
import { Admin } from "./Admin.ts"
import { Coverage } from "./Coverage.ts"
import { Keys } from "./Keys.ts"
import { Live } from "./Live.ts"
import { Numbers } from "./Numbers.ts"
import { openApi } from "./OpenApiDocument.ts"
import { Operations } from "./Operations.ts"
import { OptOuts } from "./OptOuts.ts"
import { Problems } from "./Problem.ts"
import { Sandbox } from "./Sandbox.ts"
import { Session } from "./Session.ts"
import { Sms } from "./Sms.ts"
import { Wallet } from "./Wallet.ts"
import { Webhooks } from "./Webhooks.ts"

export class Api extends HttpApi.make("cliqtel-sms")
  .add(Sms, Live, OptOuts, Numbers, Wallet, Keys, Webhooks, Sandbox, Coverage, Session, Admin, Operations)
  .middleware(Problems)
  .annotateMerge(openApi) {}
