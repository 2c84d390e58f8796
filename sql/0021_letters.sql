CREATE TABLE canned_reply (
  -- An answer that is given again and again: by agents, and by filters. Realms below have it too.
  tenant_id INTEGER NOT NULL,
  canned_reply_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  -- Whose it is; nobody's in particular where it is NULL.
  department_id INTEGER,
  title TEXT NOT NULL CHECK (title <> ''),
  -- With variables, which are filled when it is used.
  text TEXT NOT NULL CHECK (text <> ''),
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, canned_reply_id),
  UNIQUE (tenant_id, realm_id, title),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, department_id)
) STRICT, WITHOUT ROWID;

-- Filters can answer, too: the check of what they do is wider.
CREATE TABLE action_of_filter (
  -- What a filter does. Whatever it names is a column of its own, so that the database keeps it
  -- from pointing at nothing.
  tenant_id INTEGER NOT NULL,
  filter_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('reject', 'replyto', 'noresp', 'dept', 'pri', 'sla', 'team', 'agent', 'topic',
                    'status', 'email', 'canned')),
  department_id INTEGER,
  sla_plan_id INTEGER,
  team_id INTEGER,
  agent_id TEXT,
  topic_id INTEGER,
  priority INTEGER CHECK (priority BETWEEN 1 AND 4),
  state TEXT CHECK (state IN ('open', 'closed')),
  -- A mail's recipients, subject and text.
  recipients TEXT,
  subject TEXT,
  text TEXT,
  -- Of an answer; NULL once the canned reply is gone.
  canned_reply_id INTEGER,
  PRIMARY KEY (tenant_id, filter_id, position),
  FOREIGN KEY (tenant_id, filter_id) REFERENCES filter (tenant_id, filter_id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, department_id),
  FOREIGN KEY (tenant_id, sla_plan_id) REFERENCES sla_plan (tenant_id, sla_plan_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, team_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES help_topic (tenant_id, topic_id),
  FOREIGN KEY (tenant_id, canned_reply_id) REFERENCES canned_reply (tenant_id, canned_reply_id)
) STRICT, WITHOUT ROWID;
INSERT INTO action_of_filter (tenant_id, filter_id, position, kind, department_id, sla_plan_id,
                              team_id, agent_id, topic_id, priority, state, recipients, subject,
                              text)
SELECT tenant_id, filter_id, position, kind, department_id, sla_plan_id, team_id, agent_id,
       topic_id, priority, state, recipients, subject, text
  FROM filter_action;
DROP TABLE filter_action;
ALTER TABLE action_of_filter RENAME TO filter_action;

CREATE INDEX filter_action_of_canned_reply ON filter_action (tenant_id, canned_reply_id)
  WHERE canned_reply_id IS NOT NULL;

CREATE TABLE collaborator (
  -- A user who takes part in a ticket of somebody else's.
  tenant_id INTEGER NOT NULL,
  ticket_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  -- Until an agent has said so, whoever was added by others than the owner sees nothing.
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, user_id),
  FOREIGN KEY (tenant_id, ticket_id, realm_id)
    REFERENCES ticket (tenant_id, ticket_id, realm_id) ON UPDATE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES user (tenant_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX collaborator_of_user ON collaborator (tenant_id, user_id, ticket_id);

-- The mail that opened a ticket, which what we write about it answers.
CREATE INDEX inbound_mail_that_opened ON inbound_mail (tenant_id, ticket_id)
  WHERE result = 'created';
