/** The queries on numbers, and what changes them. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { call } from "../api/client.ts"
import type { Answer, Request } from "../api/contract.ts"
import { readAgain } from "../api/readAgain.ts"

export type PhoneNumber = Answer<"numbers.list">["numbers"][number]

export type NumberType = PhoneNumber["type"]

export type Offer = Answer<"numbers.available">["numbers"][number]

const OFFERS = "50"

export const numbersQuery = queryOptions({
  queryKey: ["numbers", "list"],
  queryFn: ({ signal }) => call("numbers.list", {}, { signal })
})

export const numberQuery = (id: string) =>
  queryOptions({
    queryKey: ["numbers", "one", id],
    queryFn: ({ signal }) => call("numbers.get", { params: { id } }, { signal })
  })

export const offersQuery = (country: string, type: NumberType) =>
  queryOptions({
    queryKey: ["numbers", "available", country, type],
    queryFn: ({ signal }) => call("numbers.available", { query: { country, type, limit: OFFERS } }, { signal })
  })

/** Has numbers and wallet read again: also after a failure, since a change may have been carried out unheard. */
const useReadAgain = () => {
  const client = useQueryClient()
  return () => {
    readAgain(client, ["numbers"])
    readAgain(client, ["wallet"])
  }
}

const useKeep = () => {
  const client = useQueryClient()
  return (answer: Answer<"numbers.get">) => client.setQueryData(numberQuery(String(answer.number.id)).queryKey, answer)
}

export const useSwitchSms = (id: number) => {
  const keep = useKeep()
  const readAgain = useReadAgain()
  return useMutation({
    mutationFn: (enabled: boolean) => call("numbers.switchSms", { params: { id: String(id) }, payload: { enabled } }),
    onSuccess: keep,
    onSettled: readAgain
  })
}

export const useChangeHelpText = (id: number) => {
  const keep = useKeep()
  return useMutation({
    mutationFn: (help_text: string | null) =>
      call("numbers.change", { params: { id: String(id) }, payload: { help_text } }),
    onSuccess: keep
  })
}

interface OrderRequest {
  readonly payload: Request<"numbers.order">["payload"]
  readonly idempotencyKey: string
}

export const useOrder = () => {
  const readAgain = useReadAgain()
  return useMutation({
    mutationFn: ({ idempotencyKey, payload }: OrderRequest) => call("numbers.order", { payload }, { idempotencyKey }),
    onSettled: readAgain
  })
}
