-- Goes up with every change of the realm's own row or of its address, so that a change decided on
-- an older reading is refused.
ALTER TABLE realm ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

-- What the agent may do beyond the role: osTicket's agent keys, and the keys of administration,
-- which count in the primary realm and below it. Both visibilities are osTicket's default.
ALTER TABLE agent ADD COLUMN permissions TEXT NOT NULL
  DEFAULT '["visibility.departments","visibility.agents"]' CHECK (json_valid(permissions));

-- A locked value counts in every realm below, whatever they set themselves.
ALTER TABLE setting ADD COLUMN is_locked INTEGER NOT NULL DEFAULT 0 CHECK (is_locked IN (0, 1));

CREATE TABLE tenant_setting (
  -- A value for all of a tenant's trees; their realms inherit it unless they set their own.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  is_locked INTEGER NOT NULL DEFAULT 0 CHECK (is_locked IN (0, 1)),
  PRIMARY KEY (tenant_id, key)
) STRICT, WITHOUT ROWID;
