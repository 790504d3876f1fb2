import { OpenApi } from "effect/http-api"
export const openApi = OpenApi.annotations({ title: "Cliqtel SMS" })
