-- The key serves what the second index was for, so that a noted change costs one index less; a group of sends notes one for
-- each of its accounts.
ALTER TABLE sms.message_count_changes DROP CONSTRAINT message_count_changes_pkey,
  ADD PRIMARY KEY (account_id, hour, number_id, change_id);
DROP INDEX sms.message_count_changes_by_hour;
