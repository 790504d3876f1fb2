/** An endpoint on a real socket that remembers what it was sent. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export interface Received {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}

export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly received: Array<Received>
  readonly connections: () => number
}

/** Answers with `answer` once it has the whole request. */
export const startReceiver = async (
  answer: (response: ServerResponse, received: Received) => void = (response) => response.end("ok")
): Promise<Receiver> => {
  const received: Array<Received> = []
  let connections = 0
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const { headers, method, url } = request
      const one = { method, url, headers, body: Buffer.concat(chunks).toString("utf8") }
      received.push(one)
      answer(response, one)
    })
  })
  server.on("connection", () => connections++)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    received,
    connections: () => connections,
    url: `http://127.0.0.1:${port}/hook`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
