CREATE TABLE role (
  -- A named set of permission keys; what it allows is decided by policy, not by SQL.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  role_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  permissions TEXT NOT NULL CHECK (json_valid(permissions)),
  PRIMARY KEY (tenant_id, role_id),
  UNIQUE (tenant_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE agent (
  -- Somebody who works tickets.
  tenant_id INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  role_id INTEGER NOT NULL,
  email TEXT NOT NULL CHECK (email = lower(email)),
  name TEXT NOT NULL,
  password_hash TEXT,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  -- Raising it ends all sessions at their next request.
  session_epoch INTEGER NOT NULL DEFAULT 1,
  failed_sign_ins INTEGER NOT NULL DEFAULT 0,
  locked_until INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, agent_id),
  UNIQUE (tenant_id, email),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, role_id) REFERENCES role (tenant_id, role_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sla_plan (
  -- How long a ticket may stay open. Plain hours until schedules come.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  sla_plan_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  grace_hours INTEGER NOT NULL CHECK (grace_hours BETWEEN 1 AND 8760),
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  PRIMARY KEY (tenant_id, sla_plan_id),
  UNIQUE (tenant_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE department (
  -- Where a ticket is routed to.
  tenant_id INTEGER NOT NULL,
  department_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  is_public INTEGER NOT NULL DEFAULT 1 CHECK (is_public IN (0, 1)),
  sla_plan_id INTEGER,
  manager_id TEXT,
  PRIMARY KEY (tenant_id, department_id),
  UNIQUE (tenant_id, realm_id, name),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, sla_plan_id) REFERENCES sla_plan (tenant_id, sla_plan_id),
  FOREIGN KEY (tenant_id, manager_id) REFERENCES agent (tenant_id, agent_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE department_member (
  -- An agent who works a department's tickets, and hears of new ones.
  tenant_id INTEGER NOT NULL,
  department_id INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, department_id, agent_id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, department_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE team (
  tenant_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (tenant_id, team_id),
  UNIQUE (tenant_id, realm_id, name),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE help_topic (
  -- What a user picks; it routes the ticket.
  tenant_id INTEGER NOT NULL,
  topic_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  department_id INTEGER,
  sla_plan_id INTEGER,
  -- 1 low, 2 normal, 3 high, 4 emergency.
  priority INTEGER CHECK (priority BETWEEN 1 AND 4),
  is_public INTEGER NOT NULL DEFAULT 1 CHECK (is_public IN (0, 1)),
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  position INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, topic_id),
  UNIQUE (tenant_id, realm_id, name),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, department_id),
  FOREIGN KEY (tenant_id, sla_plan_id) REFERENCES sla_plan (tenant_id, sla_plan_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE organization (
  tenant_id INTEGER NOT NULL,
  organization_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organization_id),
  UNIQUE (tenant_id, realm_id, name),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
  -- Somebody who asks for help. The same address in two realms is two users (T-68).
  tenant_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  organization_id TEXT,
  email TEXT NOT NULL CHECK (email = lower(email)),
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, user_id),
  UNIQUE (tenant_id, realm_id, email),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organization (tenant_id, organization_id)
) STRICT, WITHOUT ROWID;
