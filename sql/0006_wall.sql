CREATE TABLE separation (
  -- How far viewers see along the tree, for one table. A table without a row looks down (T-2).
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  table_name TEXT NOT NULL CHECK (table_name <> ''),
  direction TEXT NOT NULL CHECK (direction IN ('down', 'up', 'both', 'off')),
  PRIMARY KEY (tenant_id, table_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE team_member (
  -- An agent who works with a team, and has the sight that is granted to it (T-9).
  tenant_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, team_id, agent_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, team_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX team_member_of_agent ON team_member (tenant_id, agent_id);

CREATE TABLE agent_grant (
  -- A realm with all below it, shown to an agent whose own realm lies elsewhere (T-8).
  tenant_id INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, agent_id, realm_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE team_grant (
  -- The same for all members of a team (T-9).
  tenant_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, team_id, realm_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, team_id),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE realm_rule (
  -- A realm with all below it, shown to everybody whose own realm is viewer_id (T-11).
  tenant_id INTEGER NOT NULL,
  viewer_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, viewer_id, realm_id),
  FOREIGN KEY (tenant_id, viewer_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE restriction (
  -- Closes a realm with all below it to everybody but holders of the role, even to people at
  -- the top (T-10). Without a role it opens again what a realm above has closed.
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  role_id INTEGER,
  PRIMARY KEY (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, role_id) REFERENCES role (tenant_id, role_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE selector (
  -- The role that the realm selector asks for before it offers a realm, or any below it that
  -- has no row of its own. Without a role it offers to everybody again (T-23).
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  role_id INTEGER,
  PRIMARY KEY (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, role_id) REFERENCES role (tenant_id, role_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE selection (
  -- The realm an agent works in now; the primary realm stays what it is (T-22).
  tenant_id INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, agent_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;
