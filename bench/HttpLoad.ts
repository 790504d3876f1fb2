/** Connections that each send one request after another for a while: a client that costs next to nothing. */
import { connect, type Socket } from "node:net"

export interface Load {
  readonly port: number
  readonly connections: number
  readonly millis: number
  /** The next request as it goes over the wire. */
  readonly next: () => Buffer | string
  /** At most so many requests a second; as many as there are answers by default. */
  readonly perSecond?: number
}

export interface LoadResult {
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>
  /** Connections that were cut off. */
  readonly cut: number
  readonly seconds: number
  /** Milliseconds until each answer, sorted. */
  readonly latencies: ReadonlyArray<number>
  /** The same of each status alone. */
  readonly latenciesOf: ReadonlyMap<number, ReadonlyArray<number>>
}

/** A request of JSON; the body is all that differs from one to the next. */
export const post = (path: string, key: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

export const get = (path: string, key: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\n\r\n`

export const load = async ({ connections, millis, next, perSecond = Infinity, port }: Load): Promise<LoadResult> => {
  const statuses = new Map<number, number>()
  const latencies: Array<number> = []
  const latenciesOf = new Map<number, Array<number>>()
  const started = performance.now()
  const end = started + millis
  let sent = 0
  let cut = 0

  const drive = (socket: Socket) =>
    new Promise<void>((resolve, reject) => {
      let pending = ""
      let sentAt = 0
      const send = () => {
        const now = performance.now()
        if (now >= end) {
          socket.end()
          resolve()
          return
        }
        const early = started + (sent * 1000) / perSecond - now
        if (early > 1) {
          setTimeout(send, early)
          return
        }
        sent++
        sentAt = now
        socket.write(next())
      }
      socket.on("data", (chunk: Buffer) => {
        pending += chunk.toString("latin1")
        const head = pending.indexOf("\r\n\r\n")
        if (head < 0) return
        const length = /content-length: (\d+)/i.exec(pending.slice(0, head))?.[1]
        if (length === undefined) return reject(new Error(`an answer without a length: ${pending.slice(0, 200)}`))
        if (pending.length < head + 4 + Number(length)) return
        const status = Number(pending.slice(9, 12))
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        const latency = performance.now() - sentAt
        latencies.push(latency)
        const same = latenciesOf.get(status)
        if (same === undefined) latenciesOf.set(status, [latency])
        else same.push(latency)
        pending = ""
        send()
      })
      socket.on("error", () => cut++)
      socket.on("close", () => resolve())
      send()
    })

  await Promise.all(
    Array.from({ length: connections }, async () => {
      // One that is cut off comes again.
      while (performance.now() < end) {
        const socket = connect({ port, host: "127.0.0.1", noDelay: true })
        await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject))
        await drive(socket)
      }
    })
  )
  for (const same of latenciesOf.values()) same.sort((a, b) => a - b)
  return {
    statuses,
    cut,
    seconds: (performance.now() - started) / 1000,
    latencies: latencies.sort((a, b) => a - b),
    latenciesOf
  }
}
