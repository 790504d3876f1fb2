/**
 * Every operation of the contract: notes the route it took, refuses clients that do not take what it answers with, and hands what fails on
 * to the boundary, which tells the client. Failures leave as defects since the contract's own encoder would answer
 * typed ones before they have a request id.
 */
import { Context, Effect, Layer } from "effect"
import { HttpServerRequest } from "effect/http"
import { accepts } from "./Accept.ts"
import { AnswersWith } from "./api/Annotations.ts"
import { problem, Problems } from "./api/Problem.ts"
import { Exchange } from "./Exchange.ts"

export const layerProblems: Layer.Layer<Problems> = Layer.succeed(Problems, (httpEffect, { endpoint }) => {
  const answered = Effect.orDie(httpEffect)
  const type = Context.get(endpoint.annotations, AnswersWith)
  return Effect.withFiber((fiber) => {
    const exchange = Context.getOrUndefined(fiber.context, Exchange)
    if (exchange !== undefined) exchange.route = endpoint.path
    const { accept } = Context.getUnsafe(fiber.context, HttpServerRequest.HttpServerRequest).headers
    return type === undefined || accepts(type, accept) ? answered : Effect.die(notAcceptable(type))
  })
})

const notAcceptable = (type: string) => problem("not_acceptable", `This address answers with ${type} only.`)
