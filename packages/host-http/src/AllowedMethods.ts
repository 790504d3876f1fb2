/** Which methods a path has: known paths with another method are 405 with `Allow`, and OPTIONS tells the same. */
import { FindMyWay, type HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApi } from "effect/http-api"
import { Api } from "./api/Api.ts"
import { type Problem, problem, problemBody, PROBLEM_JSON } from "./api/Problem.ts"
