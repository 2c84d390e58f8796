CREATE TABLE file (
  -- Bytes by their SHA-256, stored once per tenant.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE file_chunk (
  -- A row holds at most 2 MB on D1, so bytes are cut into chunks.
  tenant_id INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  position INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (tenant_id, sha256, position),
  FOREIGN KEY (tenant_id, sha256) REFERENCES file (tenant_id, sha256)
) STRICT;

CREATE TABLE attachment (
  -- A file that hangs on an entry.
  tenant_id INTEGER NOT NULL,
  ticket_id TEXT NOT NULL,
  attachment_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, attachment_id),
  FOREIGN KEY (tenant_id, ticket_id, realm_id)
    REFERENCES ticket (tenant_id, ticket_id, realm_id) ON UPDATE CASCADE,
  FOREIGN KEY (tenant_id, ticket_id, entry_id)
    REFERENCES entry (tenant_id, ticket_id, entry_id),
  FOREIGN KEY (tenant_id, sha256) REFERENCES file (tenant_id, sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbound_mail (
  -- Every mail taken in, with its source; one row per realm and Message-ID, so that a mail
  -- posted twice changes nothing.
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  address TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  -- What became of it; a dropped mail keeps its source but has no ticket.
  result TEXT NOT NULL CHECK (result IN ('created', 'continued', 'dropped')),
  ticket_id TEXT,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, realm_id, message_id),
  CHECK ((result = 'dropped') = (ticket_id IS NULL)),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, ticket_id),
  FOREIGN KEY (tenant_id, sha256) REFERENCES file (tenant_id, sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_reference (
  -- The Message-IDs that belong to a ticket's thread: those that came in, and our own.
  tenant_id INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  ticket_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  -- Ours are random and unguessable: who quotes one has had our mail.
  is_ours INTEGER NOT NULL CHECK (is_ours IN (0, 1)),
  PRIMARY KEY (tenant_id, message_id, ticket_id),
  FOREIGN KEY (tenant_id, ticket_id, realm_id)
    REFERENCES ticket (tenant_id, ticket_id, realm_id) ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  -- Mail to send, written in the batch that caused it, recipients and text frozen.
  tenant_id INTEGER NOT NULL,
  outbox_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  ticket_id TEXT,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  -- Not before this; also the lease of the sweep that is delivering it.
  next_attempt_at INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  in_reply_to TEXT,
  from_name TEXT NOT NULL,
  from_address TEXT NOT NULL,
  to_name TEXT NOT NULL,
  to_address TEXT NOT NULL,
  subject TEXT NOT NULL,
  text_body TEXT NOT NULL,
  html_body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  last_error TEXT,
  PRIMARY KEY (tenant_id, outbox_id),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, ticket_id)
) STRICT;

-- Which tenants have mail to send, and which of one tenant's mail is next.
CREATE INDEX outbox_queued ON outbox (next_attempt_at, tenant_id) WHERE state = 'queued';
CREATE INDEX outbox_next ON outbox (tenant_id, next_attempt_at) WHERE state = 'queued';
CREATE INDEX outbox_sent ON outbox (tenant_id, outbox_id) WHERE state = 'sent';
