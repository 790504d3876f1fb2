-- A status change touches no index of sms.messages any more: its new version finds room beside the old one (a HOT update,
-- hence the fillfactor, which new months get too). Pages by status are read from a table of their own, kept by the
-- database with every change of sms.messages, whoever makes it.
CREATE TABLE sms.message_statuses (
  account_id bigint NOT NULL,
  status text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  message_id bigint NOT NULL,
  PRIMARY KEY (account_id, status, created_at, message_id)
) PARTITION BY RANGE (created_at);
CREATE TABLE sms.message_statuses_default PARTITION OF sms.message_statuses DEFAULT;

DO $$
DECLARE
  part record;
BEGIN
  FOR part IN
    SELECT child.relname AS name, pg_get_expr(child.relpartbound, child.oid) AS bounds
    FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
    WHERE inhparent = 'sms.messages'::regclass
  LOOP
    EXECUTE format('ALTER TABLE sms.%I SET (fillfactor = 50)', part.name);
    IF part.bounds <> 'DEFAULT' THEN
      EXECUTE format('CREATE TABLE sms.%I PARTITION OF sms.message_statuses %s',
        replace(part.name, 'messages', 'message_statuses'), part.bounds);
    END IF;
  END LOOP;
END
$$;

-- Nobody writes between the copy and the triggers.
LOCK TABLE sms.messages IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO sms.message_statuses SELECT account_id, status, created_at, message_id FROM sms.messages;

CREATE FUNCTION sms.keep_new_statuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sms.message_statuses SELECT account_id, status, created_at, message_id FROM made;
  RETURN NULL;
END
$$;
CREATE TRIGGER messages_keep_new_statuses AFTER INSERT ON sms.messages
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION sms.keep_new_statuses();

-- A plan that was made while the table was small must not read all of it later.
CREATE FUNCTION sms.keep_changed_statuses() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  DELETE FROM sms.message_statuses kept USING before
  WHERE kept.account_id = before.account_id AND kept.status = before.status
    AND kept.created_at = before.created_at AND kept.message_id = before.message_id;
  INSERT INTO sms.message_statuses SELECT account_id, status, created_at, message_id FROM after;
  RETURN NULL;
END
$$;
CREATE TRIGGER messages_keep_changed_statuses AFTER UPDATE ON sms.messages
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION sms.keep_changed_statuses();

DROP INDEX sms.messages_by_status;

-- With the month in which its message was created, a row finds it without looking through the others.
ALTER TABLE sms.dispatches ADD COLUMN message_created_at timestamptz(3);
ALTER TABLE sms.carrier_refs ADD COLUMN message_created_at timestamptz(3);
