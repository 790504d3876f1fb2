-- The timeline becomes a feed that is followed without a gap: each new row bears the transaction that wrote it, and a
-- reader takes a row only once all transactions up to its own have ended. Rows from before stay NULL and are not in the
-- feed, so nothing is rewritten, and the index begins empty.
ALTER TABLE sms.timeline ADD COLUMN xact xid8;
ALTER TABLE sms.timeline ALTER COLUMN xact SET DEFAULT pg_current_xact_id();

CREATE INDEX timeline_feed ON sms.timeline (account_id, xact, message_id, seq) WHERE changed AND xact IS NOT NULL;
