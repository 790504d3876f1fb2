/** The OpenAPI document as it is read: by those who know nothing of its making. */
import type { JsonSchema } from "./jsonSchema.ts"

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Declared>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}

/** What the document says of one operation. */
export interface Declared {
  readonly security?: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly parameters?: ReadonlyArray<Parameter>
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, DeclaredAnswer>>
}

export interface Parameter {
  readonly name: string
  readonly in: "path" | "query" | "header"
  readonly required: boolean
  readonly schema: JsonSchema
}

export interface DeclaredAnswer {
  readonly headers?: Readonly<Record<string, { readonly schema: JsonSchema; readonly required?: boolean }>>
  readonly content?: Readonly<Record<string, Media>>
}

export interface Media {
  readonly schema: JsonSchema
  /** Of problems: one for each code. */
  readonly examples?: Readonly<Record<string, unknown>>
}

export interface Operation extends Declared {
  /** GET /api/v1/portal/sms/{id} */
  readonly name: string
  readonly method: string
  readonly path: string
}

export const operationsOf = (document: Document): ReadonlyArray<Operation> =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, declared]) => ({
      ...declared,
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path
    }))
  )
