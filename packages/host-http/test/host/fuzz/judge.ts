/** What every answer must be, whatever was asked. Complaints; none if it is as the document says. */
import { isProblemCode, problemTable } from "../../../src/api/ProblemTable.ts"
import { type DeclaredAnswer, type Document, type Operation, operationsOf } from "../document.ts"
import { complaints, type Schemas } from "../jsonSchema.ts"
import { leakFinder } from "./leaks.ts"
import type { WireAnswer, WireRequest } from "./wire.ts"

export type Judge = (request: WireRequest, answer: WireAnswer) => ReadonlyArray<string>

export const judge = (document: Document, tables: ReadonlyArray<string>): Judge => {
  const addressOf = matcher(document)
  const leaks = leakFinder(tables)

  return (request, answer) => {
    const { status } = answer
    const { doubtful, operation } = addressOf(request)
    const declared = operation?.responses[String(status)]
    const context = { schemas: document.components.schemas, operation, doubtful, declared, request, answer }
    return [...(status < 400 ? success(context) : problem(context)), ...envelope(answer), ...leaks(request, answer)]
  }
}

interface Context extends Addressed {
  readonly schemas: Schemas
  readonly declared: DeclaredAnswer | undefined
  readonly request: WireRequest
  readonly answer: WireAnswer
}

const success = ({ answer, declared, operation, request, schemas }: Context): ReadonlyArray<string> => {
  const { headers, status, text } = answer
  if (operation === undefined) {
    const page = pathOf(request.target) === "/" && status === 200
    const methods = request.method === "OPTIONS" && status === 204
    return page || methods ? [] : [`nothing is declared here, but it is ${status}`]
  }
  if (declared === undefined) return [`${status} is not declared`]
  const inHeaders = Object.entries(declared.headers ?? {}).flatMap(([name, { required = false, schema }]) => {
    const value = headers[name]
    if (value === undefined) return required ? [`the header ${name} is missing`] : []
    return complaints(schemas, schema, value, `header ${name}`)
  })
  const [[type, { schema }] = ["", { schema: {} }]] = Object.entries(declared.content ?? {})
  if (headers["content-type"] !== type) return [...inHeaders, `its type is ${String(headers["content-type"])}`]
  if (request.method === "HEAD") return inHeaders
  return [...inHeaders, ...complaints(schemas, schema, type === "application/json" ? parse(answer) : text)]
}

/** What may be wrong with any HTTP request. */
const ANY = new Set(["malformed_request", "request_timeout", "headers_too_large"])

/** What may be wrong with an address. */
const NO_OPERATION = new Set(["not_found", "method_not_allowed", ...ANY])

const problem = ({ answer, declared, doubtful, request, schemas }: Context): ReadonlyArray<string> => {
  const { headers, status } = answer
  // The operation may declare it, but nothing here gives a reason for it.
  if (status >= 500) return [`it is ${status}`]
  if (headers["content-type"] !== "application/problem+json") return ["it is no problem"]
  if (request.method === "HEAD") return []
  const body = parse(answer)
  const wrong = complaints(schemas, { $ref: "#/components/schemas/Problem" }, body)
  if (wrong.length > 0) return wrong
  // It fits the schema.
  const told = body as Readonly<Record<"code" | "title" | "type" | "request_id", string>> & { readonly status: number }
  const { code } = told
  const known = isProblemCode(code) ? problemTable[code] : undefined
  const may = [
    ...Object.keys(declared?.content?.["application/problem+json"]?.examples ?? {}),
    ...(doubtful ? NO_OPERATION : ANY)
  ]
  return [
    ...(known?.status === status && told.status === status ? [] : [`${code} is ${status}, its body ${told.status}`]),
    ...(known?.title === told.title ? [] : [`the title of ${code} is ${told.title}`]),
    ...(told.type === `/problems/${code}` ? [] : [`the type of ${code} is ${told.type}`]),
    ...(told.request_id === headers["x-request-id"] ? [] : ["its request_id is another"]),
    ...(may.includes(code) ? [] : [`${status} ${code} is not declared`])
  ]
}

const envelope = ({ headers, status }: WireAnswer): ReadonlyArray<string> => [
  ...(headers["x-request-id"] === undefined ? ["it has no X-Request-Id"] : []),
  ...(status === 429 && !/^[1-9]\d*$/.test(String(headers["retry-after"])) ? ["it has no Retry-After"] : []),
  ...(status === 405 && headers["allow"] === undefined ? ["it has no Allow"] : [])
]

const parse = ({ text }: WireAnswer): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return `no JSON: ${text.slice(0, 100)}`
  }
}

interface Addressed {
  readonly operation: Operation | undefined
  /** Whether a path of the document that fits better has not this method: the host may say that nothing is there. */
  readonly doubtful: boolean
}

/** Which operation a request is for. A path without parameters fits better than one with some. */
const matcher = (document: Document) => {
  const operations = operationsOf(document)
  const forms = [...new Set(operations.map(({ path }) => path))]
    .toSorted((a, b) => Number(a.includes("{")) - Number(b.includes("{")))
    .map((path) => ({ path, form: formOf(path) }))
  return ({ method, target }: WireRequest): Addressed => {
    const asked = pathOf(target)
    const wanted = method === "HEAD" ? "GET" : method
    const fitting = forms
      .filter(({ form }) => form.test(asked))
      .map(({ path }) => operations.find((one) => one.path === path && one.method === wanted))
    return { operation: fitting.find((one) => one !== undefined), doubtful: fitting[0] === undefined }
  }
}

/** The router takes what is behind a semicolon for a query, and a letter that is encoded for the letter. */
const pathOf = (target: string): string =>
  (target.startsWith("http:") ? withoutHost(target) : target)
    .replace(/[?#;].*$/s, "")
    .replaceAll(/%([4-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

/** A whole URL is read as one, dots and backslashes in it too. */
const withoutHost = (url: string): string => URL.parse(url)?.pathname ?? url.replace(/^http:\/\/[^/]*/, "")

const formOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.]/g, "\\$&").replaceAll(/\{\w+\}/g, "[^/]*")}/?$`)
