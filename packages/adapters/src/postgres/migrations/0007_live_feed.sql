-- The timeline becomes a feed that is followed without a gap: each new row bears the transaction that wrote it, and a
-- reader takes a row only once all transactions up to its own have ended. Rows from before stay NULL and are not in the
-- feed, so nothing is rewritten, and the index begins empty.
ALTER TABLE sms.timeline ADD COLUMN xact xid8;
ALTER TABLE sms.timeline ALTER COLUMN xact SET DEFAULT pg_current_xact_id();

CREATE INDEX timeline_feed ON sms.timeline (account_id, xact, message_id, seq) WHERE changed AND xact IS NOT NULL;

-- The first changes of an account after a place, of messages of a span of time. Only that index has them in their order;
-- a plan that sorts, since it was made while there was little or knows nothing of its parameters, would read them all.
CREATE FUNCTION sms.changes_after(
  of_account bigint, after_xact xid8, after_message bigint, after_seq integer, since timestamptz, until timestamptz, most bigint
) RETURNS SETOF sms.timeline LANGUAGE sql STABLE ROWS 1
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
  SELECT * FROM sms.timeline
  WHERE account_id = of_account AND changed AND xact IS NOT NULL
    AND (xact, message_id, seq) > (after_xact, after_message, after_seq)
    -- Below it nothing is written any more.
    AND xact < pg_snapshot_xmin(pg_current_snapshot())
    AND message_created_at > since AND message_created_at < until
  ORDER BY xact, message_id, seq LIMIT most
$$;
