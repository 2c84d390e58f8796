-- Which dialect of osTicket's API a key's callers were written for. Since 1.17 a ticket that
-- cannot be made answers 500; until 1.16 it answered 400, in other words.
ALTER TABLE api_key ADD COLUMN dialect TEXT NOT NULL DEFAULT '1.18'
  CHECK (dialect IN ('1.16', '1.18'));

-- Whether a key's callers may choose department and SLA plan themselves, which osTicket lets
-- every key do though its manual does not say so.
ALTER TABLE api_key ADD COLUMN can_route INTEGER NOT NULL DEFAULT 0 CHECK (can_route IN (0, 1));
