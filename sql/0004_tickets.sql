CREATE TABLE sequence (
  -- A named counter that ticket numbers can be drawn from.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  sequence_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  next INTEGER NOT NULL DEFAULT 1 CHECK (next > 0),
  increment INTEGER NOT NULL DEFAULT 1 CHECK (increment > 0),
  padding TEXT NOT NULL DEFAULT '0',
  PRIMARY KEY (tenant_id, sequence_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket (
  -- ticket_id is a UUIDv7, so that sorting by it is sorting by age.
  tenant_id INTEGER NOT NULL,
  ticket_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  number TEXT NOT NULL CHECK (number <> ''),
  version INTEGER NOT NULL DEFAULT 1,
  user_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  priority INTEGER NOT NULL DEFAULT 2 CHECK (priority BETWEEN 1 AND 4),
  source TEXT NOT NULL CHECK (source IN ('Web', 'Email', 'Phone', 'API', 'Other')),
  ip TEXT,
  topic_id INTEGER,
  department_id INTEGER NOT NULL,
  sla_plan_id INTEGER,
  agent_id TEXT,
  team_id INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  due_at INTEGER,
  -- Set once by the sweep, when due_at has passed and the ticket is still open.
  overdue_at INTEGER,
  closed_at INTEGER,
  PRIMARY KEY (tenant_id, ticket_id),
  UNIQUE (tenant_id, number),
  -- What children refer to, so that they carry the ticket's realm and follow it (T-19).
  UNIQUE (tenant_id, ticket_id, realm_id),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user (tenant_id, user_id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES help_topic (tenant_id, topic_id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, department_id),
  FOREIGN KEY (tenant_id, sla_plan_id) REFERENCES sla_plan (tenant_id, sla_plan_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, team_id)
) STRICT, WITHOUT ROWID;

-- Queues, newest first: over the whole tenant, and realm by realm.
CREATE INDEX ticket_by_state ON ticket (tenant_id, state, ticket_id);
CREATE INDEX ticket_by_realm ON ticket (tenant_id, realm_id, state, ticket_id);
CREATE INDEX ticket_overdue ON ticket (tenant_id, ticket_id)
  WHERE overdue_at IS NOT NULL AND state = 'open';
CREATE INDEX ticket_overdue_by_realm ON ticket (tenant_id, realm_id, ticket_id)
  WHERE overdue_at IS NOT NULL AND state = 'open';
CREATE INDEX ticket_of_user ON ticket (tenant_id, user_id, ticket_id);
-- The sweep's: what will be overdue next, over all tenants.
CREATE INDEX ticket_due ON ticket (due_at, tenant_id)
  WHERE state = 'open' AND overdue_at IS NULL AND due_at IS NOT NULL;

CREATE TABLE entry (
  -- A message, reply or note in a ticket's thread, clustered with its ticket.
  tenant_id INTEGER NOT NULL,
  ticket_id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('message', 'reply', 'note')),
  user_id TEXT,
  agent_id TEXT,
  author TEXT NOT NULL,
  body TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('Web', 'Email', 'Phone', 'API', 'Other')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, entry_id),
  FOREIGN KEY (tenant_id, ticket_id, realm_id)
    REFERENCES ticket (tenant_id, ticket_id, realm_id) ON UPDATE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES user (tenant_id, user_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  -- What happened to a ticket, for its history and the audit.
  tenant_id INTEGER NOT NULL,
  ticket_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('created', 'overdue', 'message', 'note', 'reopened', 'closed')),
  actor TEXT NOT NULL CHECK (actor IN ('user', 'agent', 'api', 'mail', 'scheduler')),
  actor_id TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, event_id),
  FOREIGN KEY (tenant_id, ticket_id, realm_id)
    REFERENCES ticket (tenant_id, ticket_id, realm_id) ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE queue_count (
  -- How many tickets each queue holds per realm; kept by the triggers below, never counted.
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  queue TEXT NOT NULL CHECK (queue IN ('open', 'overdue', 'closed')),
  tickets INTEGER NOT NULL CHECK (tickets >= 0),
  PRIMARY KEY (tenant_id, realm_id, queue),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ticket_inserted AFTER INSERT ON ticket BEGIN
  INSERT INTO queue_count (tenant_id, realm_id, queue, tickets)
  VALUES (NEW.tenant_id, NEW.realm_id, NEW.state, 1)
  ON CONFLICT (tenant_id, realm_id, queue) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER ticket_inserted_overdue AFTER INSERT ON ticket
WHEN NEW.state = 'open' AND NEW.overdue_at IS NOT NULL BEGIN
  INSERT INTO queue_count (tenant_id, realm_id, queue, tickets)
  VALUES (NEW.tenant_id, NEW.realm_id, 'overdue', 1)
  ON CONFLICT (tenant_id, realm_id, queue) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER ticket_moved AFTER UPDATE OF state, realm_id ON ticket
WHEN OLD.state <> NEW.state OR OLD.realm_id <> NEW.realm_id BEGIN
  UPDATE queue_count SET tickets = tickets - 1
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id AND queue = OLD.state;
  INSERT INTO queue_count (tenant_id, realm_id, queue, tickets)
  VALUES (NEW.tenant_id, NEW.realm_id, NEW.state, 1)
  ON CONFLICT (tenant_id, realm_id, queue) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER ticket_left_overdue AFTER UPDATE OF state, realm_id, overdue_at ON ticket
WHEN OLD.state = 'open' AND OLD.overdue_at IS NOT NULL
 AND (NEW.state <> 'open' OR NEW.overdue_at IS NULL OR NEW.realm_id <> OLD.realm_id) BEGIN
  UPDATE queue_count SET tickets = tickets - 1
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id AND queue = 'overdue';
END;

CREATE TRIGGER ticket_became_overdue AFTER UPDATE OF state, realm_id, overdue_at ON ticket
WHEN NEW.state = 'open' AND NEW.overdue_at IS NOT NULL
 AND (OLD.state <> 'open' OR OLD.overdue_at IS NULL OR NEW.realm_id <> OLD.realm_id) BEGIN
  INSERT INTO queue_count (tenant_id, realm_id, queue, tickets)
  VALUES (NEW.tenant_id, NEW.realm_id, 'overdue', 1)
  ON CONFLICT (tenant_id, realm_id, queue) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER ticket_deleted AFTER DELETE ON ticket BEGIN
  UPDATE queue_count SET tickets = tickets - 1
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id
     AND (queue = OLD.state
          OR (queue = 'overdue' AND OLD.state = 'open' AND OLD.overdue_at IS NOT NULL));
END;
