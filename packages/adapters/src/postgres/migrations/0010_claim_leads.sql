-- Adds a table alone: safe under running hosts.

-- Which host claims a carrier's messages for all, until when by this server's clock. Hosts agree by it; it guards nothing.
CREATE TABLE sms.claim_leads (
  carrier text PRIMARY KEY,
  host text NOT NULL,
  until timestamptz(3) NOT NULL
) WITH (fillfactor = 50);
