-- Fields that files are attached to, statuses of a tenant's own, and what lists still lacked.

-- The table is built again because its CHECK learns a kind. What refers to it is looked at when
-- all is done: between the two it refers to nothing.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE field_kept AS SELECT * FROM field;
DROP TABLE field;
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
                    'priority', 'files', 'section', 'information')),
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
INSERT INTO field (tenant_id, field_id, form_id, name, label, hint, kind, options, list_id,
                   user_access, agent_access, is_needed_to_close, when_field_id, when_values,
                   position, is_active)
SELECT tenant_id, field_id, form_id, name, label, hint, kind, options, list_id, user_access,
       agent_access, is_needed_to_close, when_field_id, when_values, position, is_active
  FROM field_kept;
DROP TABLE field_kept;

-- The field that a file was attached to, where that was not the message.
ALTER TABLE attachment ADD COLUMN field_id INTEGER;

-- What many of a list's items are called; empty where nobody said.
ALTER TABLE list ADD COLUMN plural TEXT NOT NULL DEFAULT '';
CREATE INDEX field_of_list ON field (tenant_id, list_id) WHERE list_id IS NOT NULL;

CREATE TABLE ticket_status (
  -- What a tenant calls the states of its tickets.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  status_id INTEGER NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  description TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'archived', 'deleted')),
  -- Whether a message opens a ticket again that has it, and what status it then has; without
  -- one, the first that every tenant has.
  can_reopen INTEGER NOT NULL DEFAULT 1 CHECK (can_reopen IN (0, 1)),
  reopen_status_id INTEGER,
  position INTEGER NOT NULL DEFAULT 0,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  -- Every tenant has it, and nobody takes it away.
  is_internal INTEGER NOT NULL DEFAULT 0 CHECK (is_internal IN (0, 1)),
  PRIMARY KEY (tenant_id, status_id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id, reopen_status_id) REFERENCES ticket_status (tenant_id, status_id)
) STRICT, WITHOUT ROWID;

INSERT INTO ticket_status (tenant_id, status_id, name, state, position, is_internal)
SELECT tenant.tenant_id, seed.value ->> 0, seed.value ->> 1, seed.value ->> 2, seed.value ->> 0,
       seed.value ->> 3
  FROM tenant CROSS JOIN json_each('[
    [1, "Open", "open", 1],
    [2, "Resolved", "closed", 0],
    [3, "Closed", "closed", 1],
    [4, "Archived", "archived", 1],
    [5, "Deleted", "deleted", 1]]') AS seed;

-- Its status; without one it has the one that every tenant has for its state.
ALTER TABLE ticket ADD COLUMN status_id INTEGER;
-- Where a closed ticket lies that no list shows.
ALTER TABLE ticket ADD COLUMN shelf TEXT
  CHECK (shelf IS NULL OR (shelf IN ('archived', 'deleted') AND state = 'closed'));
CREATE INDEX ticket_of_status ON ticket (tenant_id, status_id) WHERE status_id IS NOT NULL;
CREATE INDEX ticket_shelved ON ticket (tenant_id, shelf, ticket_id) WHERE shelf IS NOT NULL;

-- Lists of closed tickets leave out what lies on a shelf, so which that is stands in their indexes.
DROP INDEX ticket_by_state;
CREATE INDEX ticket_by_state ON ticket (tenant_id, state, ticket_id, realm_id, shelf);
DROP INDEX ticket_by_realm;
CREATE INDEX ticket_by_realm ON ticket (tenant_id, realm_id, state, ticket_id, shelf);
DROP INDEX ticket_closing;
CREATE INDEX ticket_closing ON ticket (tenant_id, closing, realm_id, shelf) WHERE state = 'closed';
DROP INDEX ticket_closing_by_realm;
CREATE INDEX ticket_closing_by_realm ON ticket (tenant_id, realm_id, closing, shelf)
  WHERE state = 'closed';
DROP INDEX ticket_of_department;
CREATE INDEX ticket_of_department
  ON ticket (tenant_id, department_id, state, ticket_id, realm_id, shelf);
DROP INDEX ticket_of_department_by_realm;
CREATE INDEX ticket_of_department_by_realm
  ON ticket (tenant_id, department_id, realm_id, state, ticket_id, shelf);
DROP INDEX ticket_closing_of_department;
CREATE INDEX ticket_closing_of_department
  ON ticket (tenant_id, department_id, closing, realm_id, shelf) WHERE state = 'closed';
DROP INDEX ticket_of_user_by_state;
CREATE INDEX ticket_of_user_by_state
  ON ticket (tenant_id, user_id, state, ticket_id, realm_id, shelf);

-- The status that a filter gives.
ALTER TABLE filter_action ADD COLUMN status_id INTEGER;

-- What lies on a shelf counts in no list.
DROP TRIGGER ticket_left;
DROP TRIGGER ticket_changed;
DROP TRIGGER user_count_moved;
DROP TRIGGER user_count_left;

CREATE TRIGGER ticket_left AFTER DELETE ON ticket BEGIN
  UPDATE realm SET
    open_tickets = open_tickets - (OLD.state = 'open'),
    answered_tickets = answered_tickets - (OLD.state = 'open' AND OLD.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets - (OLD.state = 'closed' AND OLD.shelf IS NULL),
    newest_open = CASE WHEN newest_open = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open')
      ELSE newest_open END,
    newest_unanswered = CASE WHEN newest_unanswered = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.answered_at IS NULL)
      ELSE newest_unanswered END,
    newest_answered = CASE WHEN newest_answered = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.answered_at IS NOT NULL)
      ELSE newest_answered END,
    newest_overdue = CASE WHEN newest_overdue = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.overdue_at IS NOT NULL)
      ELSE newest_overdue END,
    newest_closed = CASE WHEN newest_closed = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed'
               AND t.shelf IS NULL)
      ELSE newest_closed END,
    newest_closing = CASE WHEN newest_closing = OLD.closing
      THEN (SELECT max(t.closing) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed'
               AND t.shelf IS NULL)
      ELSE newest_closing END
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id;
  UPDATE tenant_count SET
    open_tickets = open_tickets - (OLD.state = 'open'),
    answered_tickets = answered_tickets - (OLD.state = 'open' AND OLD.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets - (OLD.state = 'closed' AND OLD.shelf IS NULL)
   WHERE tenant_id = OLD.tenant_id;
END;

-- Leaves the queues it was in, and joins those it is in now.
CREATE TRIGGER ticket_changed
AFTER UPDATE OF state, shelf, realm_id, overdue_at, answered_at, closed_at ON ticket
WHEN OLD.state <> NEW.state OR OLD.shelf IS NOT NEW.shelf OR OLD.realm_id <> NEW.realm_id
  OR (OLD.overdue_at IS NULL) <> (NEW.overdue_at IS NULL)
  OR (OLD.answered_at IS NULL) <> (NEW.answered_at IS NULL)
  OR OLD.closing IS NOT NEW.closing BEGIN
  UPDATE realm SET
    open_tickets = open_tickets - (OLD.state = 'open'),
    answered_tickets = answered_tickets - (OLD.state = 'open' AND OLD.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets - (OLD.state = 'closed' AND OLD.shelf IS NULL),
    newest_open = CASE WHEN newest_open = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open')
      ELSE newest_open END,
    newest_unanswered = CASE WHEN newest_unanswered = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.answered_at IS NULL)
      ELSE newest_unanswered END,
    newest_answered = CASE WHEN newest_answered = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.answered_at IS NOT NULL)
      ELSE newest_answered END,
    newest_overdue = CASE WHEN newest_overdue = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.overdue_at IS NOT NULL)
      ELSE newest_overdue END,
    newest_closed = CASE WHEN newest_closed = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed'
               AND t.shelf IS NULL)
      ELSE newest_closed END,
    newest_closing = CASE WHEN newest_closing = OLD.closing
      THEN (SELECT max(t.closing) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed'
               AND t.shelf IS NULL)
      ELSE newest_closing END
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id;
  UPDATE realm SET
    open_tickets = open_tickets + (NEW.state = 'open'),
    answered_tickets = answered_tickets + (NEW.state = 'open' AND NEW.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets + (NEW.state = 'open' AND NEW.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets + (NEW.state = 'closed' AND NEW.shelf IS NULL),
    newest_open = CASE WHEN NEW.state = 'open'
      THEN max(coalesce(newest_open, ''), NEW.ticket_id) ELSE newest_open END,
    newest_unanswered = CASE WHEN NEW.state = 'open' AND NEW.answered_at IS NULL
      THEN max(coalesce(newest_unanswered, ''), NEW.ticket_id) ELSE newest_unanswered END,
    newest_answered = CASE WHEN NEW.state = 'open' AND NEW.answered_at IS NOT NULL
      THEN max(coalesce(newest_answered, ''), NEW.ticket_id) ELSE newest_answered END,
    newest_overdue = CASE WHEN NEW.state = 'open' AND NEW.overdue_at IS NOT NULL
      THEN max(coalesce(newest_overdue, ''), NEW.ticket_id) ELSE newest_overdue END,
    newest_closed = CASE WHEN NEW.state = 'closed' AND NEW.shelf IS NULL
      THEN max(coalesce(newest_closed, ''), NEW.ticket_id) ELSE newest_closed END,
    newest_closing = CASE WHEN NEW.state = 'closed' AND NEW.shelf IS NULL
      THEN max(coalesce(newest_closing, ''), NEW.closing) ELSE newest_closing END
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id;
  UPDATE tenant_count SET
    open_tickets = open_tickets + (NEW.state = 'open') - (OLD.state = 'open'),
    answered_tickets = answered_tickets + (NEW.state = 'open' AND NEW.answered_at IS NOT NULL)
                       - (OLD.state = 'open' AND OLD.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets + (NEW.state = 'open' AND NEW.overdue_at IS NOT NULL)
                      - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets + (NEW.state = 'closed' AND NEW.shelf IS NULL)
                     - (OLD.state = 'closed' AND OLD.shelf IS NULL)
   WHERE tenant_id = NEW.tenant_id;
END;

CREATE TRIGGER user_count_moved AFTER UPDATE OF state, shelf, realm_id, user_id ON ticket
WHEN OLD.state <> NEW.state OR OLD.shelf IS NOT NEW.shelf OR OLD.realm_id <> NEW.realm_id
  OR OLD.user_id <> NEW.user_id BEGIN
  UPDATE user_count SET tickets = tickets - 1
   WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id AND realm_id = OLD.realm_id
     AND state = OLD.state AND OLD.shelf IS NULL;
  INSERT INTO user_count (tenant_id, user_id, realm_id, state, tickets)
  SELECT NEW.tenant_id, NEW.user_id, NEW.realm_id, NEW.state, 1 WHERE NEW.shelf IS NULL
  ON CONFLICT (tenant_id, user_id, realm_id, state) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER user_count_left AFTER DELETE ON ticket WHEN OLD.shelf IS NULL BEGIN
  UPDATE user_count SET tickets = tickets - 1
   WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id AND realm_id = OLD.realm_id
     AND state = OLD.state;
END;
