-- Queues as osTicket's installer makes them, and what their lists and counts are read from.
CREATE TABLE queue (
  -- A list that agents work from, in the tree that they find it in.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  queue_id INTEGER NOT NULL,
  parent_id INTEGER,
  -- Its address; stays what it is when the queue is renamed.
  slug TEXT NOT NULL CHECK (slug <> ''),
  name TEXT NOT NULL CHECK (name <> ''),
  -- Among those below the same one.
  position INTEGER NOT NULL DEFAULT 0,
  -- Which tickets it lists, by a name that desk::queue knows; what it does not know is not shown.
  criteria TEXT NOT NULL CHECK (criteria <> ''),
  -- Shown to every agent.
  is_public INTEGER NOT NULL DEFAULT 1 CHECK (is_public IN (0, 1)),
  PRIMARY KEY (tenant_id, queue_id),
  UNIQUE (tenant_id, slug),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES queue (tenant_id, queue_id)
) STRICT, WITHOUT ROWID;

INSERT INTO queue (tenant_id, queue_id, parent_id, slug, name, position, criteria)
SELECT tenant.tenant_id, seed.value ->> 0, seed.value ->> 1, seed.value ->> 2, seed.value ->> 3,
       seed.value ->> 0, seed.value ->> 2
  FROM tenant CROSS JOIN json_each('[
    [1, null, "open", "Open"],
    [2, 1, "unanswered", "Open"],
    [3, 1, "answered", "Answered"],
    [4, 1, "overdue", "Overdue"],
    [5, null, "mine", "My Tickets"],
    [6, 5, "assigned-to-me", "Assigned to Me"],
    [7, 5, "assigned-to-teams", "Assigned to Teams"],
    [8, null, "closed", "Closed"],
    [9, 8, "closed-today", "Today"],
    [10, 8, "closed-yesterday", "Yesterday"],
    [11, 8, "closed-this-week", "This Week"],
    [12, 8, "closed-this-month", "This Month"],
    [13, 8, "closed-this-quarter", "This Quarter"],
    [14, 8, "closed-this-year", "This Year"]]') AS seed;

-- Since when the last word in the thread is an agent's reply.
ALTER TABLE ticket ADD COLUMN answered_at INTEGER;
-- A closed ticket's place among those that were closed: sorts by when that was.
ALTER TABLE ticket ADD COLUMN closing TEXT GENERATED ALWAYS AS
  (CASE WHEN state = 'closed' THEN printf('%015d', closed_at) || ticket_id END) VIRTUAL;

UPDATE ticket SET answered_at =
       (SELECT CASE e.kind WHEN 'reply' THEN e.created_at END FROM entry AS e
         WHERE e.tenant_id = ticket.tenant_id AND e.ticket_id = ticket.ticket_id
           AND e.kind <> 'note'
         ORDER BY e.entry_id DESC LIMIT 1)
 WHERE EXISTS (SELECT 1 FROM entry AS e
                WHERE e.tenant_id = ticket.tenant_id AND e.ticket_id = ticket.ticket_id
                  AND e.kind = 'reply');

-- Queues, newest first: over the whole tenant, and realm by realm.
CREATE INDEX ticket_unanswered ON ticket (tenant_id, ticket_id)
  WHERE state = 'open' AND answered_at IS NULL;
CREATE INDEX ticket_unanswered_by_realm ON ticket (tenant_id, realm_id, ticket_id)
  WHERE state = 'open' AND answered_at IS NULL;
CREATE INDEX ticket_answered ON ticket (tenant_id, ticket_id)
  WHERE state = 'open' AND answered_at IS NOT NULL;
CREATE INDEX ticket_answered_by_realm ON ticket (tenant_id, realm_id, ticket_id)
  WHERE state = 'open' AND answered_at IS NOT NULL;
CREATE INDEX ticket_closing ON ticket (tenant_id, closing) WHERE state = 'closed';
CREATE INDEX ticket_closing_by_realm ON ticket (tenant_id, realm_id, closing)
  WHERE state = 'closed';
CREATE INDEX ticket_of_agent ON ticket (tenant_id, agent_id, ticket_id, realm_id)
  WHERE state = 'open' AND agent_id IS NOT NULL;
CREATE INDEX ticket_of_agent_by_realm ON ticket (tenant_id, agent_id, realm_id, ticket_id)
  WHERE state = 'open' AND agent_id IS NOT NULL;
CREATE INDEX ticket_of_team ON ticket (tenant_id, team_id, ticket_id, realm_id)
  WHERE state = 'open' AND team_id IS NOT NULL;
CREATE INDEX ticket_of_team_by_realm ON ticket (tenant_id, team_id, realm_id, ticket_id)
  WHERE state = 'open' AND team_id IS NOT NULL;

-- Of each realm the newest ticket of each queue, and how many tickets.
ALTER TABLE realm ADD COLUMN newest_unanswered TEXT;
ALTER TABLE realm ADD COLUMN newest_answered TEXT;
ALTER TABLE realm ADD COLUMN newest_closing TEXT;
ALTER TABLE realm ADD COLUMN answered_tickets INTEGER NOT NULL DEFAULT 0
  CHECK (answered_tickets >= 0);
ALTER TABLE tenant_count ADD COLUMN answered_tickets INTEGER NOT NULL DEFAULT 0
  CHECK (answered_tickets >= 0);

UPDATE realm SET
  newest_unanswered = (SELECT max(t.ticket_id) FROM ticket AS t
                        WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                          AND t.state = 'open' AND t.answered_at IS NULL),
  newest_answered = (SELECT max(t.ticket_id) FROM ticket AS t
                      WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                        AND t.state = 'open' AND t.answered_at IS NOT NULL),
  newest_closing = (SELECT max(t.closing) FROM ticket AS t
                     WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                       AND t.state = 'closed'),
  answered_tickets = (SELECT count(*) FROM ticket AS t
                       WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                         AND t.state = 'open' AND t.answered_at IS NOT NULL);

UPDATE tenant_count SET answered_tickets =
       coalesce((SELECT sum(r.answered_tickets) FROM realm AS r
                  WHERE r.tenant_id = tenant_count.tenant_id), 0);

DROP INDEX realm_by_path;
CREATE INDEX realm_by_path ON realm (tenant_id, path, newest_open, newest_unanswered,
                                     newest_answered, newest_overdue, newest_closed,
                                     newest_closing, open_tickets, answered_tickets,
                                     overdue_tickets, closed_tickets);
CREATE INDEX realm_by_newest_unanswered ON realm (tenant_id, newest_unanswered, path)
  WHERE newest_unanswered IS NOT NULL;
CREATE INDEX realm_by_newest_answered ON realm (tenant_id, newest_answered, path)
  WHERE newest_answered IS NOT NULL;
CREATE INDEX realm_by_newest_closing ON realm (tenant_id, newest_closing, path)
  WHERE newest_closing IS NOT NULL;

DROP TRIGGER ticket_joined;
DROP TRIGGER ticket_left;
DROP TRIGGER ticket_changed;

CREATE TRIGGER ticket_joined AFTER INSERT ON ticket BEGIN
  UPDATE realm SET
    open_tickets = open_tickets + (NEW.state = 'open'),
    answered_tickets = answered_tickets + (NEW.state = 'open' AND NEW.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets + (NEW.state = 'open' AND NEW.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets + (NEW.state = 'closed'),
    newest_open = CASE WHEN NEW.state = 'open'
      THEN max(coalesce(newest_open, ''), NEW.ticket_id) ELSE newest_open END,
    newest_unanswered = CASE WHEN NEW.state = 'open' AND NEW.answered_at IS NULL
      THEN max(coalesce(newest_unanswered, ''), NEW.ticket_id) ELSE newest_unanswered END,
    newest_answered = CASE WHEN NEW.state = 'open' AND NEW.answered_at IS NOT NULL
      THEN max(coalesce(newest_answered, ''), NEW.ticket_id) ELSE newest_answered END,
    newest_overdue = CASE WHEN NEW.state = 'open' AND NEW.overdue_at IS NOT NULL
      THEN max(coalesce(newest_overdue, ''), NEW.ticket_id) ELSE newest_overdue END,
    newest_closed = CASE WHEN NEW.state = 'closed'
      THEN max(coalesce(newest_closed, ''), NEW.ticket_id) ELSE newest_closed END,
    newest_closing = CASE WHEN NEW.state = 'closed'
      THEN max(coalesce(newest_closing, ''), NEW.closing) ELSE newest_closing END
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id;
  INSERT INTO tenant_count (tenant_id, open_tickets, answered_tickets, overdue_tickets,
                            closed_tickets)
  VALUES (NEW.tenant_id, NEW.state = 'open', NEW.state = 'open' AND NEW.answered_at IS NOT NULL,
          NEW.state = 'open' AND NEW.overdue_at IS NOT NULL, NEW.state = 'closed')
  ON CONFLICT (tenant_id) DO UPDATE SET
    open_tickets = open_tickets + excluded.open_tickets,
    answered_tickets = answered_tickets + excluded.answered_tickets,
    overdue_tickets = overdue_tickets + excluded.overdue_tickets,
    closed_tickets = closed_tickets + excluded.closed_tickets;
END;

CREATE TRIGGER ticket_left AFTER DELETE ON ticket BEGIN
  UPDATE realm SET
    open_tickets = open_tickets - (OLD.state = 'open'),
    answered_tickets = answered_tickets - (OLD.state = 'open' AND OLD.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets - (OLD.state = 'closed'),
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
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed')
      ELSE newest_closed END,
    newest_closing = CASE WHEN newest_closing = OLD.closing
      THEN (SELECT max(t.closing) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed')
      ELSE newest_closing END
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id;
  UPDATE tenant_count SET
    open_tickets = open_tickets - (OLD.state = 'open'),
    answered_tickets = answered_tickets - (OLD.state = 'open' AND OLD.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets - (OLD.state = 'closed')
   WHERE tenant_id = OLD.tenant_id;
END;

-- Leaves the queues it was in, and joins those it is in now.
CREATE TRIGGER ticket_changed
AFTER UPDATE OF state, realm_id, overdue_at, answered_at, closed_at ON ticket
WHEN OLD.state <> NEW.state OR OLD.realm_id <> NEW.realm_id
  OR (OLD.overdue_at IS NULL) <> (NEW.overdue_at IS NULL)
  OR (OLD.answered_at IS NULL) <> (NEW.answered_at IS NULL)
  OR OLD.closing IS NOT NEW.closing BEGIN
  UPDATE realm SET
    open_tickets = open_tickets - (OLD.state = 'open'),
    answered_tickets = answered_tickets - (OLD.state = 'open' AND OLD.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets - (OLD.state = 'closed'),
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
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed')
      ELSE newest_closed END,
    newest_closing = CASE WHEN newest_closing = OLD.closing
      THEN (SELECT max(t.closing) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed')
      ELSE newest_closing END
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id;
  UPDATE realm SET
    open_tickets = open_tickets + (NEW.state = 'open'),
    answered_tickets = answered_tickets + (NEW.state = 'open' AND NEW.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets + (NEW.state = 'open' AND NEW.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets + (NEW.state = 'closed'),
    newest_open = CASE WHEN NEW.state = 'open'
      THEN max(coalesce(newest_open, ''), NEW.ticket_id) ELSE newest_open END,
    newest_unanswered = CASE WHEN NEW.state = 'open' AND NEW.answered_at IS NULL
      THEN max(coalesce(newest_unanswered, ''), NEW.ticket_id) ELSE newest_unanswered END,
    newest_answered = CASE WHEN NEW.state = 'open' AND NEW.answered_at IS NOT NULL
      THEN max(coalesce(newest_answered, ''), NEW.ticket_id) ELSE newest_answered END,
    newest_overdue = CASE WHEN NEW.state = 'open' AND NEW.overdue_at IS NOT NULL
      THEN max(coalesce(newest_overdue, ''), NEW.ticket_id) ELSE newest_overdue END,
    newest_closed = CASE WHEN NEW.state = 'closed'
      THEN max(coalesce(newest_closed, ''), NEW.ticket_id) ELSE newest_closed END,
    newest_closing = CASE WHEN NEW.state = 'closed'
      THEN max(coalesce(newest_closing, ''), NEW.closing) ELSE newest_closing END
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id;
  UPDATE tenant_count SET
    open_tickets = open_tickets + (NEW.state = 'open') - (OLD.state = 'open'),
    answered_tickets = answered_tickets + (NEW.state = 'open' AND NEW.answered_at IS NOT NULL)
                       - (OLD.state = 'open' AND OLD.answered_at IS NOT NULL),
    overdue_tickets = overdue_tickets + (NEW.state = 'open' AND NEW.overdue_at IS NOT NULL)
                      - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets + (NEW.state = 'closed') - (OLD.state = 'closed')
   WHERE tenant_id = NEW.tenant_id;
END;

CREATE TABLE work_count (
  -- How many open tickets of a realm an agent works for a team, for none, or a team without an
  -- agent; kept by the triggers below. No agent is '' and no team 0. Realms are those of the
  -- tickets: a key of its own would have every new realm look for its rows.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  agent_id TEXT NOT NULL,
  team_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  tickets INTEGER NOT NULL CHECK (tickets > 0),
  PRIMARY KEY (tenant_id, agent_id, team_id, realm_id),
  CHECK (agent_id <> '' OR team_id <> 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX work_count_of_team ON work_count (tenant_id, team_id, realm_id, agent_id, tickets)
  WHERE team_id <> 0;

INSERT INTO work_count (tenant_id, agent_id, team_id, realm_id, tickets)
SELECT tenant_id, coalesce(agent_id, ''), coalesce(team_id, 0), realm_id, count(*)
  FROM ticket
 WHERE state = 'open' AND (agent_id IS NOT NULL OR team_id IS NOT NULL)
 GROUP BY 1, 2, 3, 4;

CREATE TRIGGER work_count_joined AFTER INSERT ON ticket
WHEN NEW.state = 'open' AND (NEW.agent_id IS NOT NULL OR NEW.team_id IS NOT NULL) BEGIN
  INSERT INTO work_count (tenant_id, agent_id, team_id, realm_id, tickets)
  VALUES (NEW.tenant_id, coalesce(NEW.agent_id, ''), coalesce(NEW.team_id, 0), NEW.realm_id, 1)
  ON CONFLICT (tenant_id, agent_id, team_id, realm_id) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER work_count_moved AFTER UPDATE OF state, realm_id, agent_id, team_id ON ticket
WHEN (OLD.state <> NEW.state OR OLD.realm_id <> NEW.realm_id
      OR OLD.agent_id IS NOT NEW.agent_id OR OLD.team_id IS NOT NEW.team_id)
 AND coalesce(OLD.agent_id, OLD.team_id, NEW.agent_id, NEW.team_id) IS NOT NULL BEGIN
  DELETE FROM work_count
   WHERE tenant_id = OLD.tenant_id AND agent_id = coalesce(OLD.agent_id, '')
     AND team_id = coalesce(OLD.team_id, 0) AND realm_id = OLD.realm_id
     AND tickets = 1 AND OLD.state = 'open';
  UPDATE work_count SET tickets = tickets - 1
   WHERE tenant_id = OLD.tenant_id AND agent_id = coalesce(OLD.agent_id, '')
     AND team_id = coalesce(OLD.team_id, 0) AND realm_id = OLD.realm_id AND OLD.state = 'open';
  INSERT INTO work_count (tenant_id, agent_id, team_id, realm_id, tickets)
  SELECT NEW.tenant_id, coalesce(NEW.agent_id, ''), coalesce(NEW.team_id, 0), NEW.realm_id, 1
   WHERE NEW.state = 'open' AND (NEW.agent_id IS NOT NULL OR NEW.team_id IS NOT NULL)
  ON CONFLICT (tenant_id, agent_id, team_id, realm_id) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER work_count_left AFTER DELETE ON ticket
WHEN OLD.state = 'open' AND (OLD.agent_id IS NOT NULL OR OLD.team_id IS NOT NULL) BEGIN
  DELETE FROM work_count
   WHERE tenant_id = OLD.tenant_id AND agent_id = coalesce(OLD.agent_id, '')
     AND team_id = coalesce(OLD.team_id, 0) AND realm_id = OLD.realm_id AND tickets = 1;
  UPDATE work_count SET tickets = tickets - 1
   WHERE tenant_id = OLD.tenant_id AND agent_id = coalesce(OLD.agent_id, '')
     AND team_id = coalesce(OLD.team_id, 0) AND realm_id = OLD.realm_id;
END;
