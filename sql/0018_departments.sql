-- Which role an agent has for a department's tickets; none is the agent's primary role.
CREATE TABLE member_of_department (
  -- An agent who works a department's tickets, and hears of new ones.
  tenant_id INTEGER NOT NULL,
  department_id INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  role_id INTEGER,
  PRIMARY KEY (tenant_id, department_id, agent_id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, department_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id),
  FOREIGN KEY (tenant_id, role_id) REFERENCES role (tenant_id, role_id)
) STRICT, WITHOUT ROWID;
INSERT INTO member_of_department (tenant_id, department_id, agent_id)
SELECT tenant_id, department_id, agent_id FROM department_member;
DROP TABLE department_member;
ALTER TABLE member_of_department RENAME TO department_member;

-- The departments an agent works in, and those they manage.
CREATE INDEX department_member_of_agent ON department_member (tenant_id, agent_id);
CREATE INDEX department_of_manager ON department (tenant_id, manager_id)
  WHERE manager_id IS NOT NULL;

-- Sees, of what realms show, only what is in their departments, assigned or referred to them.
ALTER TABLE agent ADD COLUMN is_limited INTEGER NOT NULL DEFAULT 0 CHECK (is_limited IN (0, 1));

CREATE TABLE referral (
  -- An agent, a team or a department that a ticket was shown to beside whoever works it.
  tenant_id INTEGER NOT NULL,
  ticket_id TEXT NOT NULL,
  referral_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  agent_id TEXT,
  team_id INTEGER,
  department_id INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, referral_id),
  CHECK ((agent_id IS NOT NULL) + (team_id IS NOT NULL) + (department_id IS NOT NULL) = 1),
  FOREIGN KEY (tenant_id, ticket_id, realm_id)
    REFERENCES ticket (tenant_id, ticket_id, realm_id) ON UPDATE CASCADE,
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, team_id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, department_id)
) STRICT, WITHOUT ROWID;

-- What was referred to whom, newest ticket first; nothing is referred to the same twice.
CREATE UNIQUE INDEX referral_to_agent ON referral (tenant_id, agent_id, ticket_id)
  WHERE agent_id IS NOT NULL;
CREATE UNIQUE INDEX referral_to_team ON referral (tenant_id, team_id, ticket_id)
  WHERE team_id IS NOT NULL;
CREATE UNIQUE INDEX referral_to_department ON referral (tenant_id, department_id, ticket_id)
  WHERE department_id IS NOT NULL;

-- What agents who are limited to their duties list, newest first.
CREATE INDEX ticket_of_department
  ON ticket (tenant_id, department_id, state, ticket_id, realm_id);
CREATE INDEX ticket_overdue_of_department
  ON ticket (tenant_id, department_id, ticket_id, realm_id)
  WHERE overdue_at IS NOT NULL AND state = 'open';
CREATE INDEX ticket_closing_of_department
  ON ticket (tenant_id, department_id, closing, realm_id) WHERE state = 'closed';

-- Agents are looked after realm by realm, by administrators who say what they have read.
ALTER TABLE agent ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
CREATE INDEX agent_of_realm ON agent (tenant_id, realm_id, email);
