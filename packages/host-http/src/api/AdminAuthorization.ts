/** Who calls the admin API: whoever runs the host, with the ADMIN_TOKEN that it was started with. */
import { HttpApiMiddleware, HttpApiSecurity, OpenApi } from "effect/http-api"
import type { BearerToken } from "./Authorization.ts"
import { problems } from "./Problem.ts"

export class AdminAuthorization extends HttpApiMiddleware.Service<AdminAuthorization, { provides: BearerToken }>()(
  "@cliqtel/sms-host-http/api/AdminAuthorization/AdminAuthorization",
  {
    requiredForClient: true,
    security: {
      admin: HttpApiSecurity.bearer.pipe(
        HttpApiSecurity.annotate(OpenApi.Description, "The host's ADMIN_TOKEN. An API key is none.")
      )
    },
    error: problems("unauthorized", "not_found")
  }
) {}
