-- Keys are looked after by an id of their own, so that no page names the hash they are found by.
ALTER TABLE api_key ADD COLUMN key_id TEXT;
ALTER TABLE api_key ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE api_key ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE api_key SET key_id = lower(
  substr(hex(randomblob(4)), 1, 8) || '-' || substr(hex(randomblob(2)), 1, 4) || '-4'
  || substr(hex(randomblob(2)), 1, 3) || '-8' || substr(hex(randomblob(2)), 1, 3) || '-'
  || hex(randomblob(6)));
CREATE UNIQUE INDEX api_key_by_id ON api_key (tenant_id, key_id);

-- Organizations are looked after by people, who say what they have read; the account manager is
-- an agent.
ALTER TABLE organization ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE organization ADD COLUMN manager_id TEXT;

CREATE TABLE organization_domain (
  -- A domain whose new users join the organization by themselves; a leading dot stands for all
  -- domains below. In each realm a domain leads to one organization.
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  domain TEXT NOT NULL CHECK (domain <> '' AND domain = lower(domain)),
  organization_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, realm_id, domain),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, organization_id)
    REFERENCES organization (tenant_id, organization_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX organization_domain_of ON organization_domain (tenant_id, organization_id);

-- When an agent was last sent an invitation that is still open; none when none is.
ALTER TABLE agent ADD COLUMN invited_at INTEGER;

CREATE TABLE admin_event (
  -- Something that was done in the administration, in the order of the ids.
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- Who did it; none for the platform's operator.
  agent_id TEXT,
  -- As they were called then.
  actor TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action <> ''),
  -- What it was done to, as it was called then.
  kind TEXT NOT NULL CHECK (kind <> ''),
  object_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- What was changed, without secrets.
  changed TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(changed)),
  PRIMARY KEY (tenant_id, event_id),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id)
) STRICT, WITHOUT ROWID;

-- The log is read realm by realm, the newest first.
CREATE INDEX admin_event_of_realm ON admin_event (tenant_id, realm_id, event_id);
