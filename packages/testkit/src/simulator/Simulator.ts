/**
 * A carrier for `RemoteSandbox`, in a process of its own: it keeps what really happened and misbehaves by a seed. POST
 * /submit, GET /receipts?wait= and POST /ack are what hosts speak, each below a path of its own if it likes, by which the
 * log names it; GET /log tells the truth.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { type Fate, fateOf, LATE_MILLIS } from "./Fate.ts"
import { receiptFaults } from "./ReceiptFaults.ts"
import { makeReceiptQueue } from "./ReceiptQueue.ts"
import { type Fault, FAULTS, type IssuedReceipt, type Log, type MessageTruth, type SubmitTruth } from "./Truth.ts"

export interface SimulatorOptions {
  readonly seed: number
  /** 0 picks a free one. */
  readonly port?: number
  /** What becomes of a message; by default what the seed says. */
  readonly fate?: (clientRef: string) => Fate
}

export interface Simulator extends AsyncDisposable {
  readonly url: string
  readonly log: () => Log
}

/** Between the last early receipt and the answer. */
const LEAD_MILLIS = 150

export const startSimulator = async ({
  fate = (clientRef) => fateOf(seed, clientRef),
  port = 0,
  seed
}: SimulatorOptions): Promise<Simulator> => {
  const messages = new Map<string, MessageTruth>()
  const queue = makeReceiptQueue()
  const faults = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]))
  const hit = (fault: Fault) => void faults.set(fault, (faults.get(fault) ?? 0) + 1)

  const truthOf = (clientRef: string): MessageTruth => {
    const found = messages.get(clientRef) ?? { clientRef, submits: [], acceptances: 0, receipts: [] }
    messages.set(clientRef, found)
    return found
  }

  const submit = (by: string, { attempt, clientRef }: Submitted, response: ServerResponse) => {
    const truth = truthOf(clientRef)
    const fated = fate(clientRef)
    const did = didOf(fated, truth.submits.length)
    const late = fated.answerMillis >= LATE_MILLIS
    const entry: SubmitTruth = { by, attempt, did, late, end: undefined }
    truth.submits.push(entry)
    if (did === "accepted") {
      truth.acceptances++
      issue(truth, fated)
    }
    const lost = did === "vanished" || (did === "accepted" && fated.answer === "accept and lose")
    const wait = fated.answerMillis + (fated.early && did === "accepted" ? LEAD_MILLIS : 0)
    setTimeout(() => {
      // It was killed, or does not wait any longer.
      if (response.destroyed) return void (entry.end = "unheard")
      entry.end = lost ? "lost" : "answered"
      if (did !== "accepted") hit(did)
      if (lost) hit("answer lost")
      else if (late) hit("answer late")
      if (lost) response.destroy()
      else answer(response, outcomeOf(did, refOf(truth)))
    }, wait)
  }

  const issue = (message: MessageTruth, { early, namesMessage, receipts }: Fate) => {
    for (const { afterMillis, copies, status } of receipts) {
      const eventId = `${message.clientRef}:${message.acceptances}:${message.receipts.length}`
      const receipt: IssuedReceipt = { eventId, status, namesMessage, copies, acknowledged: 0 }
      message.receipts.push(receipt)
      const tell = (copy: number) =>
        queue.put({
          delivery: `${eventId}:${copy}`,
          ref: namesMessage ? message.clientRef : refOf(message),
          reason: status === "failed" ? "undeliverable" : null,
          receipt,
          message
        })
      for (let copy = 0; copy < copies; copy++) {
        if (early) tell(copy)
        else setTimeout(() => tell(copy), afterMillis + copy * 300)
      }
    }
  }

  const receipts = (url: URL, response: ServerResponse) => {
    const leave = queue.ask(Number(url.searchParams.get("wait") ?? 0), (group) =>
      answer(response, {
        receipts: group.map(({ delivery, reason, receipt: { eventId, namesMessage, status }, ref }) => ({
          delivery,
          eventId,
          namesMessage,
          ref,
          status,
          reason
        }))
      })
    )
    response.on("close", leave)
  }

  const acknowledge = ({ deliveries }: Acknowledged, response: ServerResponse) => {
    for (const delivery of deliveries) {
      const told = queue.acknowledge(delivery)
      for (const fault of told === undefined ? [] : receiptFaults(told)) hit(fault)
    }
    answer(response, {})
  }

  const log = (): Log => ({
    messages: [...messages.values()],
    // Each fault has its count from the start.
    faults: Object.fromEntries(faults) as Record<Fault, number>
  })

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://simulator")
    const [, by = "", verb = ""] = /^(.*)\/([^/]*)$/.exec(url.pathname) ?? []
    const asked = `${request.method} ${verb}`
    if (asked === "GET receipts") return receipts(url, response)
    if (asked === "GET log") return answer(response, log())
    if (asked !== "POST submit" && asked !== "POST ack") return void response.writeHead(404).end()
    bodyOf(request).then(
      // Only RemoteSandbox speaks to this, whose requests are tested through it.
      (body) =>
        asked === "POST submit"
          ? submit(by.slice(1), body as Submitted, response)
          : acknowledge(body as Acknowledged, response),
      // The host was killed in the middle of its request: nothing was taken.
      () => response.destroy()
    )
  })
  // A connection that closes under a request would be one more lost answer, and one that nobody counts.
  server.keepAliveTimeout = 0
  server.listen(port, "127.0.0.1")
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject))
  // A server on TCP has such an address.
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    log,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    }
  }
}

interface Submitted {
  readonly clientRef: string
  readonly to: string
  readonly attempt: number
}

interface Acknowledged {
  readonly deliveries: ReadonlyArray<string>
}

const didOf = ({ answer: fated, temporaryFailures }: Fate, submits: number): SubmitTruth["did"] => {
  if (submits < temporaryFailures) return "temporary"
  if (fated === "reject") return "rejected"
  return fated === "vanish" ? "vanished" : "accepted"
}

const refOf = ({ acceptances, clientRef }: MessageTruth): string => `sim-${clientRef}-${acceptances}`

const outcomeOf = (did: SubmitTruth["did"], ref: string) => {
  if (did === "accepted") return { outcome: "accepted", refs: [ref] }
  if (did === "temporary") return { outcome: "temporary", detail: "The simulated carrier is busy." }
  return { outcome: "rejected", reason: "invalid_destination", detail: "The simulated carrier refuses." }
}

const answer = (response: ServerResponse, body: unknown) => {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))
}

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  let text = ""
  for await (const chunk of request) text += chunk
  return JSON.parse(text)
}
