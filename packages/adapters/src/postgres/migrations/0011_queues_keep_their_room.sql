-- Safe under running hosts. A vacuum that gives the empty end of a table back locks out whoever uses it (PostgreSQL 18, VACUUM,
-- TRUNCATE), and what empties out under load needs that room again at once.
ALTER TABLE sms.dispatches SET (vacuum_truncate = off);
ALTER TABLE sms.receipts SET (vacuum_truncate = off);
ALTER TABLE sms.inbound_events SET (vacuum_truncate = off);
ALTER TABLE sms.message_count_changes SET (vacuum_truncate = off);
