-- Who leads a team, and hears of what it is assigned.
ALTER TABLE team ADD COLUMN lead_id TEXT;

-- Whether tickets of an organization's users are assigned to its account manager where nothing
-- else assigns them.
ALTER TABLE organization ADD COLUMN assigns_manager INTEGER NOT NULL DEFAULT 0
  CHECK (assigns_manager IN (0, 1));
CREATE INDEX organization_that_assigns ON organization (tenant_id, realm_id)
  WHERE assigns_manager = 1;

-- Whether a department's new tickets, and messages to its tickets, are answered by themselves.
ALTER TABLE department ADD COLUMN answers_tickets INTEGER NOT NULL DEFAULT 1
  CHECK (answers_tickets IN (0, 1));
ALTER TABLE department ADD COLUMN answers_messages INTEGER NOT NULL DEFAULT 1
  CHECK (answers_messages IN (0, 1));
