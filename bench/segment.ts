/**
 * How fast bodies are counted: `countSegments`, a bare scan over the same table (the floor of any one-pass count), and
 * two npm packages, on the same texts. Rounds are interleaved and medians taken, so that noise hits all alike.
 */
import { countSegments, encode, gsm7, measure } from "@cliqtel/sms-core"
import { SegmentedMessage } from "sms-segments-calculator"
import { split } from "split-sms"
import { median, type Row } from "./Row.ts"

type Count = (text: string) => number

const ROUNDS = 15
const SAMPLE_MILLIS = 8
const WARM_UP_MILLIS = 100
const PER_KIND = 16

/** Together they are the corpus. */
const usual: Record<string, ReadonlyArray<string>> = {
  "short ASCII": bodies("Your code is 482913. ", 20, 60),
  "160 and more": bodies("The parcel of Ms. Jones arrives on Monday between 9 and 12. ", 150, 330),
  "1,600 characters": bodies("The parcel of Ms. Jones arrives on Monday between 9 and 12. ", 1500, 1600),
  "extension characters": bodies("{ref} costs 5 € [incl. tax], see a|b~c. ", 100, 1200),
  "accents of GSM-7": bodies("Müller mangia una torta à Genève: più caffè! ", 60, 400),
  "other accents": bodies("¿Dónde está el ñandú? Mañana llegará. ", 60, 400),
  emoji: bodies("See you at eight 😀👍🏽 ", 40, 400)
}

/** Raced on their own, against the scan. */
const worst: Record<string, ReadonlyArray<string>> = {
  // No early end: the scan is nearly over when it meets the one character that GSM-7 lacks.
  "a late emoji": bodies("See you at eight. ", 100, 1000).map((text) => flat(`${text}😀`)),
  // Whether pairs end parts early decides between 10 and 11 segments, so the text is walked a second time.
  "read twice": bodies("See you at eight. ", 1520, 1528).map((text) => flat(`€${text}`)),
  "euros alone": bodies("€", 100, 1600)
}

const counters: Record<string, Count> = {
  countSegments: (text) => countSegments(text),
  "bare table scan": bareScan,
  measure: (text) => measure(text).segments,
  encode: (text) => (encode(text, { reference: { bits: 8, value: 0 } })._tag === "Success" ? 1 : 0),
  "split-sms": (text) => split(text, { summary: true }).parts.length,
  "sms-segments-calculator": (text) => new SegmentedMessage(text).segmentsCount
}

const TARGETS: Record<string, string> = { "split-sms": "10", "sms-segments-calculator": "500" }

export const segmentBench = async (): Promise<ReadonlyArray<Row>> => {
  const contests = [
    { suffix: "", texts: Object.values(usual).flat(), names: Object.keys(counters) },
    ...Object.entries({ ...usual, ...worst }).map(([kind, texts]) => ({
      suffix: `: ${kind}`,
      texts,
      names: ["countSegments", "bare table scan"]
    }))
  ]
  return contests.flatMap(({ suffix, texts, names }) => {
    const speeds = race(texts, names)
    const ours = speeds.get("countSegments") ?? Number.NaN
    return [...speeds].map(([name, perSecond]): Row => ({
      name: name + suffix,
      value: perSecond,
      unit: "bodies/s",
      ratio: ours / perSecond,
      against: "countSegments is so many times as fast",
      ...(TARGETS[name + suffix] === undefined ? {} : { target: TARGETS[name + suffix] })
    }))
  })
}

/** Median bodies per second of each counter. */
function race(texts: ReadonlyArray<string>, names: ReadonlyArray<string>): Map<string, number> {
  const runners = names.map((name) => {
    const count = counters[name] ?? bareScan
    const start = performance.now()
    while (performance.now() - start < WARM_UP_MILLIS) pass(count, texts, 1)
    const passes = Math.max(1, Math.round(SAMPLE_MILLIS / pass(count, texts, 1)))
    return { name, count, passes, samples: [] as Array<number> }
  })
  for (let round = 0; round < ROUNDS; round++) {
    for (const { count, passes, samples } of runners) {
      samples.push((texts.length * passes * 1000) / pass(count, texts, passes))
    }
  }
  return new Map(runners.map(({ name, samples }) => [name, median(samples)]))
}

let sink = 0

/** Milliseconds for all texts, so many times. */
function pass(count: Count, texts: ReadonlyArray<string>, passes: number): number {
  const start = performance.now()
  for (let done = 0; done < passes; done++) {
    for (const text of texts) sink = (sink + count(text)) | 0
  }
  return performance.now() - start
}

function bareScan(text: string): number {
  const { entries } = gsm7
  let sum = 0
  for (let index = 0; index < text.length; index++) sum += entries[text.charCodeAt(index)] ?? 0
  return sum
}

/** Bodies from `least` to `most` characters that repeat `phrase`. */
function bodies(phrase: string, least: number, most: number): ReadonlyArray<string> {
  return Array.from({ length: PER_KIND }, (_, index) => {
    const length = least + Math.round(((most - least) * index) / (PER_KIND - 1))
    const characters = Array.from(phrase.repeat(Math.ceil(length / phrase.length)))
    return flat(characters.slice(0, length).join(""))
  })
}

/** A string of its own, neither slice nor rope, as the body of a request is. */
function flat(text: string): string {
  return JSON.parse(JSON.stringify(text))
}
