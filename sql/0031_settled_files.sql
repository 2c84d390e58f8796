-- Bytes go ahead of the batch that refers to them, which may then be refused. What nothing refers
-- to a day later is removed; what something does is settled, and not looked at again.
ALTER TABLE file ADD COLUMN is_settled INTEGER NOT NULL DEFAULT 0 CHECK (is_settled IN (0, 1));

CREATE INDEX file_unsettled ON file (created_at, tenant_id, sha256) WHERE is_settled = 0;
CREATE INDEX attachment_of_file ON attachment (tenant_id, sha256);
CREATE INDEX inbound_mail_of_file ON inbound_mail (tenant_id, sha256);
