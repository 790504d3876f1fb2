/** The SQL invariants find nothing in a database that is in order, and name each violation that is planted in it. */
import { SQL_INVARIANTS, violations } from "@cliqtel/sms-testkit/sql-invariants"
import { assert, layer } from "@effect/vitest"
import { Data, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import * as Postgres from "../../src/postgres/index.ts"
import { freshClient } from "./freshPostgres.ts"

const QUEUED = 1
const UNKNOWN = 2
const DELIVERED = 3
const REFUNDED = 4
const UNDELIVERABLE = 5
const INBOUND = 6

/** One account, and a message in each state in which it may rest. */
const lives = {
  [QUEUED]: ["queued"],
  [UNKNOWN]: ["queued", "sending"],
  [DELIVERED]: ["queued", "sending", "sent", "delivered"],
  [REFUNDED]: ["queued", "sending", "failed"],
  [UNDELIVERABLE]: ["queued", "sending", "sent", "failed"],
  [INBOUND]: ["received"]
}

const message = (id: number, life: ReadonlyArray<string>) => `
  INSERT INTO sms.messages (account_id, message_id, direction, number_id, from_number, to_number, body, status, segments,
    encoding, carrier, price, currency, timeline_entries, created_at, updated_at, sent_at)
  VALUES (1, ${id}, '${id === INBOUND ? "inbound" : "outbound"}', 1, '+31', '+32', 'Hello', '${life.at(-1)}', 1,
    'GSM-7', 'fake', ${id === INBOUND ? 0 : 8}, 'EUR', ${life.length}, '2026-08-01', '2026-08-01',
    ${life.includes("sent") ? "'2026-08-01'" : "NULL"});
  INSERT INTO sms.timeline (account_id, message_created_at, message_id, seq, status, at, source, changed)
  SELECT 1, '2026-08-01', ${id}, seq, status, '2026-08-01', 'api', true
  FROM unnest(ARRAY['${life.join("', '")}']) WITH ORDINALITY AS life (status, seq);`

/** A ledger line, after which the wallet has what the line says. */
const book = (kind: string, amount: number, reference: string) => `
  UPDATE sms.wallets SET balance = balance + ${amount} WHERE account_id = 1;
  INSERT INTO sms.ledger_entries (account_id, kind, amount, balance_after, currency, reference, created_at)
  SELECT 1, '${kind}', ${amount}, balance, 'EUR', '${reference}', now() FROM sms.wallets WHERE account_id = 1;`

const wait = (id: number, state: string) => `
  INSERT INTO sms.dispatches (account_id, message_id, carrier, state, attempt) VALUES (1, ${id}, 'fake', '${state}', 0);`

const answered = (key: string, answer: string) => `
  INSERT INTO sms.idempotency_keys (account_id, key, fingerprint, answer, created_at) VALUES (1, '${key}', '', ${answer}, now());`

const inOrder = [
  "INSERT INTO sms.wallets (account_id, currency, balance, per_second, bucket_level, bucket_at) VALUES (1, 'EUR', 0, 10, 0, now());",
  book("top_up", 1000, "opening"),
  ...Object.entries(lives).map(([id, life]) => message(Number(id), life)),
  ...[QUEUED, UNKNOWN, DELIVERED, REFUNDED, UNDELIVERABLE].map((id) => book("sms_charge", -8, `message:${id}`)),
  book("sms_refund", 8, `message:${REFUNDED}`),
  wait(QUEUED, "ready"),
  wait(UNKNOWN, "parked"),
  `INSERT INTO sms.webhook_events (account_id, event_id, body, created_at) VALUES (1, 1, '{}', now());
   INSERT INTO sms.webhook_deliveries (account_id, webhook_id, delivery_id, event_id, type, state, due_at, tries, attempts, created_at)
   VALUES (1, 1, 1, 1, 'sms.sent', 'waiting', now(), 1, 1, now()), (1, 1, 2, 1, 'sms.sent', 'ready', NULL, 0, 0, now());
   INSERT INTO sms.webhook_attempts (account_id, webhook_id, delivery_id, attempt, at, status, duration_ms)
   VALUES (1, 1, 1, 1, now(), 500, 5);`,
  answered("one", `'{"message":1}'`),
  answered("two", `'{"message":2}'`)
].join("\n")

// The schema itself forbids some of it: what is planted there could come by a schema that was changed.
const REPEATABLE = "ALTER TABLE sms.ledger_entries DROP CONSTRAINT ledger_entries_account_id_kind_reference_key;"
const OVERDRAWN = `
  ALTER TABLE sms.wallets DROP CONSTRAINT wallets_balance_check;
  ALTER TABLE sms.ledger_entries DROP CONSTRAINT ledger_entries_balance_after_check;`

const change = (table: string, id: number, to: string, where = "true") =>
  `UPDATE sms.${table} SET ${to} WHERE message_id = ${id} AND ${where};`

/** What is planted, and the one invariant that it violates. */
const planted: ReadonlyArray<readonly [invariant: string, what: string, sql: string]> = [
  ["what is to be delivered to a webhook has its event", "an event that is gone", "DELETE FROM sms.webhook_events"],
  [
    "attempts to deliver are numbered from 1 without gaps, as the delivery says",
    "an attempt that was lost",
    "DELETE FROM sms.webhook_attempts"
  ],
  [
    "attempts to deliver are numbered from 1 without gaps, as the delivery says",
    "an attempt of nothing",
    `INSERT INTO sms.webhook_attempts (account_id, webhook_id, delivery_id, attempt, at, duration_ms)
     VALUES (1, 1, 7, 1, now(), 5)`
  ],
  ["a balance is the sum of its lines", "money from nowhere", "UPDATE sms.wallets SET balance = balance + 1"],
  [
    "a balance is the sum of its lines",
    "a wallet without lines",
    "INSERT INTO sms.wallets (account_id, currency, balance, per_second, bucket_level, bucket_at) VALUES (2, 'EUR', 5, 10, 0, now())"
  ],
  ["a balance is the sum of its lines", "lines without a wallet", "DELETE FROM sms.wallets"],
  [
    "each line's balance is that of the line before it and its amount",
    "a lost update",
    `INSERT INTO sms.ledger_entries (account_id, kind, amount, balance_after, currency, reference, created_at)
     VALUES (1, 'top_up', 5, 5, 'EUR', 'lost', now()); UPDATE sms.wallets SET balance = balance + 5`
  ],
  ["no balance was ever negative", "a debt", OVERDRAWN + book("number_fee", -2000, "debt")],
  [
    "no balance was ever negative",
    "a debt that was paid",
    OVERDRAWN + book("number_fee", -2000, "debt") + book("top_up", 2000, "late")
  ],
  ["each outbound message is charged once, its price", "another price", change("messages", QUEUED, "price = 9")],
  [
    "each outbound message is charged once, its price",
    "another currency",
    change("messages", QUEUED, "currency = 'USD'")
  ],
  [
    "each outbound message is charged once, its price",
    "a second charge",
    REPEATABLE + book("sms_charge", -8, `message:${DELIVERED}`)
  ],
  [
    "each outbound message is charged once, its price",
    "a message for nothing",
    message(7, ["queued", "sending", "sent"])
  ],
  ["nothing is charged or refunded that is no outbound message", "no message", book("sms_charge", -8, "message:99")],
  [
    "nothing is charged or refunded that is no outbound message",
    "an inbound message",
    book("sms_charge", -8, `message:${INBOUND}`)
  ],
  ["a refund comes once, and is the price", "twice", REPEATABLE + book("sms_refund", 8, `message:${REFUNDED}`)],
  [
    "a refund comes once, and is the price",
    "too little",
    message(7, ["queued", "sending", "failed"]) +
      book("sms_charge", -8, "message:7") +
      book("sms_refund", 7, "message:7")
  ],
  [
    "refunded is what failed and was never sent, and all of that",
    "delivered and refunded",
    book("sms_refund", 8, `message:${DELIVERED}`)
  ],
  [
    "refunded is what failed and was never sent, and all of that",
    "sent, failed and refunded",
    book("sms_refund", 8, `message:${UNDELIVERABLE}`)
  ],
  [
    "refunded is what failed and was never sent, and all of that",
    "failed and not refunded",
    message(7, ["queued", "sending", "failed"]) + book("sms_charge", -8, "message:7")
  ],
  [
    "a timeline is numbered from 1 without gaps, as its message says",
    "a gap",
    change("timeline", DELIVERED, "seq = 5", "seq = 4")
  ],
  [
    "a timeline is numbered from 1 without gaps, as its message says",
    "an entry that was lost",
    change("messages", QUEUED, "timeline_entries = 2")
  ],
  [
    "an inbound message is received and free, and no other is received",
    "a price",
    change("messages", INBOUND, "price = 8")
  ],
  [
    "an inbound message is received and free, and no other is received",
    "an outbound message that was received",
    message(7, ["received"]) + book("sms_charge", -8, "message:7")
  ],
  [
    "a message's status is that of its last transition",
    "a change without an entry",
    change("messages", QUEUED, "status = 'sending'")
  ],
  [
    "transitions only rise, and nothing comes after the end",
    "a fall",
    // By way of 9, since there is one entry of each number.
    change("timeline", DELIVERED, "seq = 9", "seq = 2") +
      change("timeline", DELIVERED, "seq = 2", "seq = 3") +
      change("timeline", DELIVERED, "seq = 3", "seq = 9")
  ],
  [
    "transitions only rise, and nothing comes after the end",
    "failed after delivered",
    message(7, ["queued", "sending", "sent", "delivered", "failed"]) + book("sms_charge", -8, "message:7")
  ],
  ["what waits for its carrier is queued or being sent", "a message that was sent", wait(DELIVERED, "ready")],
  ["what waits for its carrier is queued or being sent", "no message", wait(99, "ready")],
  [
    "what waits for its carrier is queued or being sent",
    "unknown before it was begun",
    change("dispatches", QUEUED, "state = 'parked'")
  ],
  [
    "what is queued or being sent waits for its carrier",
    "forgotten",
    `DELETE FROM sms.dispatches WHERE message_id = ${UNKNOWN}`
  ],
  [
    "the counts are those of the messages",
    "one that nobody counted",
    "DELETE FROM sms.message_count_notes WHERE 1 = ANY(failed)"
  ],
  [
    "the counts are those of the messages",
    "one too many",
    `INSERT INTO sms.message_counts (account_id, hour, number_id, created, delivered, failed)
     VALUES (1, '2026-08-01 05:00', 1, 1, 0, 0)`
  ],
  [
    "pages by status show each message once, under its status",
    "one that no page shows",
    `DELETE FROM sms.message_statuses WHERE message_id = ${QUEUED}`
  ],
  [
    "pages by status show each message once, under its status",
    "one that is shown twice",
    `INSERT INTO sms.message_statuses VALUES (1, 'sent', '2026-08-01', ${DELIVERED})`
  ],
  ["an idempotency key has its answer", "none", answered("three", "NULL")],
  ["no two idempotency keys of an account answer with one message", "the same", answered("three", `'{"message":1}'`)]
]

/** Rolls the transaction back, and carries out of it what was found. */
class TakenBack extends Data.TaggedError("TakenBack")<{ readonly names: ReadonlyArray<string> }> {}

layer(Postgres.layerMigrations.pipe(Layer.provideMerge(freshClient(2))), { timeout: 60_000 })(
  "SQL invariants",
  (it) => {
    /** Names of the violated ones with this in the database, which is then taken back. */
    const violatedWith = Effect.fnUntraced(function* (statements: string) {
      const sql = yield* SqlClient.SqlClient
      return yield* Effect.gen(function* () {
        for (const statement of `${inOrder}${statements}`.split(";")) {
          if (statement.trim() !== "") yield* sql.unsafe(statement)
        }
        const found = yield* violations
        return yield* new TakenBack({ names: [...new Set(found.map(({ invariant }) => invariant))] })
      }).pipe(
        sql.withTransaction,
        Effect.catchTag("TakenBack", ({ names }) => Effect.succeed(names))
      )
    })

    it.effect("find nothing where all is in order", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* violatedWith(""), [])
      })
    )

    it.effect.each(planted)("%s: %s", ([invariant, , statements]) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* violatedWith(statements), [invariant])
      })
    )

    it.effect("are each violated here by something", () =>
      Effect.sync(() => {
        const names = new Set(planted.map(([invariant]) => invariant))
        assert.deepStrictEqual(
          SQL_INVARIANTS.map(({ name }) => name).filter((name) => !names.has(name)),
          []
        )
      })
    )
  }
)
