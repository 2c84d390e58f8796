-- Help topics as a tree. `name` is the whole name, with those of the topics above it, as people
-- read it: "Report a Problem / Access Issue". What a new column names stays by itself: SQLite
-- adds no composite keys to a table that others refer to, and who reads one joins by tenant.
ALTER TABLE help_topic ADD COLUMN parent_id INTEGER;
ALTER TABLE help_topic ADD COLUMN agent_id TEXT;
ALTER TABLE help_topic ADD COLUMN team_id INTEGER;
-- What the confirmation says; empty where it says what it always says.
ALTER TABLE help_topic ADD COLUMN thanks TEXT NOT NULL DEFAULT '';
ALTER TABLE help_topic ADD COLUMN is_silent INTEGER NOT NULL DEFAULT 0 CHECK (is_silent IN (0, 1));
-- Its tickets' numbers: a format of its own, and the sequence that fills it; 0 draws at random.
ALTER TABLE help_topic ADD COLUMN number_format TEXT;
ALTER TABLE help_topic ADD COLUMN sequence_id INTEGER;
-- Whether the forms of the topic above are filled in too.
ALTER TABLE help_topic ADD COLUMN has_parents_forms INTEGER NOT NULL DEFAULT 0
  CHECK (has_parents_forms IN (0, 1));
ALTER TABLE help_topic ADD COLUMN archived_at INTEGER;

UPDATE help_topic SET parent_id = 10
 WHERE topic_id = 11 AND name = 'Report a Problem / Access Issue'
   AND EXISTS (SELECT 1 FROM help_topic AS p
                WHERE p.tenant_id = help_topic.tenant_id AND p.topic_id = 10
                  AND p.realm_id = help_topic.realm_id AND p.name = 'Report a Problem');

-- What mail to an address begins with, beside its department and topic.
ALTER TABLE mail_address ADD COLUMN priority INTEGER CHECK (priority BETWEEN 1 AND 4);
ALTER TABLE mail_address ADD COLUMN is_silent INTEGER NOT NULL DEFAULT 0
  CHECK (is_silent IN (0, 1));

CREATE TABLE list (
  -- What a field offers, kept apart so that several fields can offer it.
  tenant_id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  -- osTicket's orders: by name, by name backwards, by hand.
  ordering TEXT NOT NULL DEFAULT 'alpha' CHECK (ordering IN ('alpha', '-alpha', 'manual')),
  PRIMARY KEY (tenant_id, list_id),
  UNIQUE (tenant_id, realm_id, name),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_item (
  tenant_id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  value TEXT NOT NULL CHECK (value <> ''),
  abbreviation TEXT NOT NULL DEFAULT '',
  position INTEGER NOT NULL DEFAULT 0,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  PRIMARY KEY (tenant_id, list_id, item_id),
  UNIQUE (tenant_id, list_id, value),
  FOREIGN KEY (tenant_id, list_id) REFERENCES list (tenant_id, list_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE form (
  -- Fields that are filled in together: with every ticket, or with those of some topics.
  tenant_id INTEGER NOT NULL,
  form_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ticket', 'topic')),
  title TEXT NOT NULL,
  instructions TEXT NOT NULL DEFAULT '',
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  PRIMARY KEY (tenant_id, form_id),
  UNIQUE (tenant_id, realm_id, title),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX form_of_realm ON form (tenant_id, realm_id, kind);

CREATE TABLE field (
  -- One thing that a form asks for.
  tenant_id INTEGER NOT NULL,
  field_id INTEGER NOT NULL,
  form_id INTEGER NOT NULL,
  -- What programs call it; unique among the fields of a form.
  name TEXT NOT NULL,
  label TEXT NOT NULL,
  hint TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL
    CHECK (kind IN ('text', 'memo', 'email', 'phone', 'checkbox', 'choice', 'list', 'date',
                    'priority', 'section', 'information')),
  -- What the kind leaves open; read by desk::form, which knows each kind's options.
  options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options)),
  -- What a field of the kind 'list' offers.
  list_id INTEGER,
  user_access TEXT NOT NULL DEFAULT 'optional'
    CHECK (user_access IN ('hidden', 'shown', 'optional', 'required')),
  agent_access TEXT NOT NULL DEFAULT 'optional'
    CHECK (agent_access IN ('hidden', 'shown', 'optional', 'required')),
  is_needed_to_close INTEGER NOT NULL DEFAULT 0 CHECK (is_needed_to_close IN (0, 1)),
  -- Asked for only where an earlier field has one of these values; with an empty list, any.
  when_field_id INTEGER,
  when_values TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(when_values)),
  position INTEGER NOT NULL DEFAULT 0,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  PRIMARY KEY (tenant_id, field_id),
  UNIQUE (tenant_id, form_id, name),
  CHECK ((kind = 'list') = (list_id IS NOT NULL)),
  FOREIGN KEY (tenant_id, list_id) REFERENCES list (tenant_id, list_id),
  FOREIGN KEY (tenant_id, form_id) REFERENCES form (tenant_id, form_id),
  FOREIGN KEY (tenant_id, when_field_id) REFERENCES field (tenant_id, field_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE field_role (
  -- Agents of these roles alone see the field; without a row, all do (T-47).
  tenant_id INTEGER NOT NULL,
  field_id INTEGER NOT NULL,
  role_id INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, field_id, role_id),
  FOREIGN KEY (tenant_id, field_id) REFERENCES field (tenant_id, field_id),
  FOREIGN KEY (tenant_id, role_id) REFERENCES role (tenant_id, role_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE topic_form (
  -- A form that is filled in with tickets of a topic.
  tenant_id INTEGER NOT NULL,
  topic_id INTEGER NOT NULL,
  form_id INTEGER NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, topic_id, form_id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES help_topic (tenant_id, topic_id),
  FOREIGN KEY (tenant_id, form_id) REFERENCES form (tenant_id, form_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE field_value (
  -- What was filled in with a ticket. Of several choices each is a row.
  tenant_id INTEGER NOT NULL,
  ticket_id TEXT NOT NULL,
  field_id INTEGER NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  realm_id INTEGER NOT NULL,
  text TEXT NOT NULL,
  -- Of dates, numbers, list items and priorities, so that they compare as what they are.
  number INTEGER,
  PRIMARY KEY (tenant_id, ticket_id, field_id, position),
  FOREIGN KEY (tenant_id, ticket_id, realm_id)
    REFERENCES ticket (tenant_id, ticket_id, realm_id) ON UPDATE CASCADE,
  FOREIGN KEY (tenant_id, field_id) REFERENCES field (tenant_id, field_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE filter (
  -- What is done to a ticket before it is routed, where its rules hold.
  tenant_id INTEGER NOT NULL,
  filter_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 99,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  target TEXT NOT NULL DEFAULT 'any' CHECK (target IN ('any', 'web', 'email', 'api', 'mailbox')),
  -- The one address, for the target 'mailbox'.
  mailbox TEXT,
  is_match_all INTEGER NOT NULL DEFAULT 0 CHECK (is_match_all IN (0, 1)),
  is_last INTEGER NOT NULL DEFAULT 0 CHECK (is_last IN (0, 1)),
  -- Rejects the addresses its rules list; they may be many and are looked up by address.
  is_ban_list INTEGER NOT NULL DEFAULT 0 CHECK (is_ban_list IN (0, 1)),
  PRIMARY KEY (tenant_id, filter_id),
  UNIQUE (tenant_id, realm_id, name),
  CHECK ((target = 'mailbox') = (mailbox IS NOT NULL)),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX filter_of_realm ON filter (tenant_id, realm_id, is_ban_list, is_active);

CREATE TABLE filter_rule (
  tenant_id INTEGER NOT NULL,
  filter_id INTEGER NOT NULL,
  rule_id INTEGER NOT NULL,
  what TEXT NOT NULL
    CHECK (what IN ('name', 'email', 'reply-to', 'reply-to-name', 'addressee', 'topic', 'subject',
                    'message', 'field')),
  field_id INTEGER,
  operator TEXT NOT NULL
    CHECK (operator IN ('equal', 'not_equal', 'contains', 'dn_contain', 'starts', 'ends', 'match',
                        'not_match')),
  value TEXT NOT NULL,
  PRIMARY KEY (tenant_id, filter_id, rule_id),
  CHECK ((what = 'field') = (field_id IS NOT NULL)),
  FOREIGN KEY (tenant_id, filter_id) REFERENCES filter (tenant_id, filter_id),
  FOREIGN KEY (tenant_id, field_id) REFERENCES field (tenant_id, field_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX filter_rule_by_value ON filter_rule (tenant_id, filter_id, value);

CREATE TABLE filter_action (
  -- What a filter does. Whatever it names is a column of its own, so that the database keeps it
  -- from pointing at nothing.
  tenant_id INTEGER NOT NULL,
  filter_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('reject', 'replyto', 'noresp', 'dept', 'pri', 'sla', 'team', 'agent', 'topic',
                    'status', 'email')),
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
  PRIMARY KEY (tenant_id, filter_id, position),
  FOREIGN KEY (tenant_id, filter_id) REFERENCES filter (tenant_id, filter_id),
  FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, department_id),
  FOREIGN KEY (tenant_id, sla_plan_id) REFERENCES sla_plan (tenant_id, sla_plan_id),
  FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, team_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agent (tenant_id, agent_id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES help_topic (tenant_id, topic_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE filter_match (
  -- A filter that a ticket met when it came in, in their order, and what it did.
  tenant_id INTEGER NOT NULL,
  ticket_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  -- As it was called then.
  filter_name TEXT NOT NULL,
  actions TEXT NOT NULL CHECK (json_valid(actions)),
  PRIMARY KEY (tenant_id, ticket_id, position),
  FOREIGN KEY (tenant_id, ticket_id, realm_id)
    REFERENCES ticket (tenant_id, ticket_id, realm_id) ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;
