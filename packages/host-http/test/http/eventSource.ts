/** A client of Server-Sent Events that keeps what it hears. */
import { type IncomingMessage, request } from "node:http"
import { until } from "./rawClient.ts"

export interface HeardEvent {
  readonly id: string
  readonly type: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into what they expect
  readonly data: any
}

export class EventSource implements Disposable {
  readonly response: IncomingMessage
  text = ""
  ended = false

  private constructor(response: IncomingMessage) {
    this.response = response
    response.setEncoding("utf8")
    response.on("data", (part: string) => (this.text += part))
    response.on("end", () => (this.ended = true))
    response.on("close", () => (this.ended = true))
    response.on("error", () => (this.ended = true))
  }

  /** Once the headers of the answer are there. */
  static open(url: string, key: string | { readonly cookie: string }, lastEventId?: string): Promise<EventSource> {
    const headers = {
      accept: "text/event-stream",
      ...(typeof key === "string" ? { authorization: `Bearer ${key}` } : key),
      ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId })
    }
    return new Promise((resolve, reject) => {
      request(`${url}/api/v1/portal/sms/events`, { agent: false, headers })
        .on("response", (response) => resolve(new EventSource(response)))
        .on("error", reject)
        .end()
    })
  }

  get status(): number {
    return this.response.statusCode ?? 0
  }

  /** The place that it was told before any event. */
  get place(): string {
    return /^id: (\w+)$/m.exec(this.text)?.[1] ?? ""
  }

  get events(): ReadonlyArray<HeardEvent> {
    return this.text
      .slice(0, this.text.lastIndexOf("\n\n") + 1)
      .split("\n\n")
      .filter((block) => block.includes("\ndata: "))
      .map((block) => {
        const fields = new Map(block.split("\n").map((line) => line.split(/: (.*)/s, 2) as [string, string]))
        return {
          id: fields.get("id") ?? "",
          type: fields.get("event") ?? "",
          data: JSON.parse(fields.get("data") ?? "")
        }
      })
  }

  async heard(count: number): Promise<ReadonlyArray<HeardEvent>> {
    await until(
      () => this.events.length >= count,
      () => `${count} events, heard ${this.events.length}`
    )
    return this.events
  }

  end(): Promise<void> {
    return until(
      () => this.ended,
      () => "the end of the stream"
    )
  }

  [Symbol.dispose](): void {
    this.response.destroy()
  }
}
