/** A client that writes the bytes it is told to, and reads answers as they come. */
import { connect, type Socket } from "node:net"

export interface RawAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export class RawClient implements Disposable {
  readonly socket: Socket
  received = ""
  ended = false
  closed = false
  error: NodeJS.ErrnoException | undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on("data", (chunk) => (this.received += chunk.toString("latin1")))
    socket.on("end", () => (this.ended = true))
    socket.on("error", (error) => (this.error = error))
    socket.on("close", () => (this.closed = true))
  }

  static open(port: number): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true })
      const client = new RawClient(socket)
      socket.once("connect", () => resolve(client))
      socket.once("error", reject)
    })
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes)
  }

  /** The answers so far; interim ones (1xx) count. */
  get answers(): ReadonlyArray<RawAnswer> {
    const answers: Array<RawAnswer> = []
    let rest = this.received
    for (;;) {
      const end = rest.indexOf("\r\n\r\n")
      if (end === -1) return answers
      const [line = "", ...fields] = rest.slice(0, end).split("\r\n")
      const headers = new Map(
        fields.map((field) => {
          const colon = field.indexOf(":")
          return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
        })
      )
      const length = Number(headers.get("content-length") ?? 0)
      if (rest.length < end + 4 + length) return answers
      answers.push({ status: Number(line.split(" ")[1]), headers, body: rest.slice(end + 4, end + 4 + length) })
      rest = rest.slice(end + 4 + length)
    }
  }

  async answer(index = 0): Promise<RawAnswer> {
    await until(
      () => this.answers.length > index,
      () => `answer ${index}, got ${JSON.stringify(this.received)}`
    )
    // There are more than `index`.
    return this.answers[index] as RawAnswer
  }

  /** Until the server has closed its side, in whatever way. */
  gone(): Promise<void> {
    return until(
      () => this.ended || this.closed,
      () => `the end, got ${JSON.stringify(this.received)}`
    )
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

/** Polls, since nothing tells when a condition of another process's making holds. */
export const until = async (condition: () => boolean, what: () => string = () => "a condition"): Promise<void> => {
  const deadline = performance.now() + 10_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
