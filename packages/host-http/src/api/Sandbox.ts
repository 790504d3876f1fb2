/** What can be tried out on numbers of the simulated carrier. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { RequiredScope } from "./Annotations.ts"
import { Authorization } from "./Authorization.ts"
import { MessageBody } from "./Message.ts"
import { ofBody, problems } from "./Problem.ts"
import { answer, PhoneNumberText } from "./Wire.ts"

export const InboundRequest = Schema.Struct({
  from: PhoneNumberText,
  to: PhoneNumberText.annotate({ description: "A number of this account on the sandbox carrier." }),
  body: MessageBody
}).annotate({ identifier: "SandboxInboundRequest" })

const inbound = HttpApiEndpoint.post("inbound", "/sandbox/inbound", {
  payload: InboundRequest,
  success: answer({}).pipe(HttpApiSchema.status(202)),
  error: problems(...ofBody, "not_found")
}).annotate(OpenApi.Summary, "Let a person write to a number, as if its carrier had brought it")

export class Sandbox extends HttpApiGroup.make("sandbox")
  .add(inbound)
  .annotateEndpoints(RequiredScope, "sms:send")
  .middleware(Authorization)
  .prefix("/api/v1/portal") {}
