-- How many tickets of each queue a realm holds, beside the newest of them, and how many the
-- tenant holds in all: a sight is counted from its realms, or from those that are missing to the
-- whole, whichever are fewer.
ALTER TABLE realm ADD COLUMN open_tickets INTEGER NOT NULL DEFAULT 0 CHECK (open_tickets >= 0);
ALTER TABLE realm ADD COLUMN overdue_tickets INTEGER NOT NULL DEFAULT 0
  CHECK (overdue_tickets >= 0);
ALTER TABLE realm ADD COLUMN closed_tickets INTEGER NOT NULL DEFAULT 0
  CHECK (closed_tickets >= 0);

CREATE TABLE tenant_count (
  -- How many tickets each queue holds in the whole tenant; kept by the triggers below.
  tenant_id INTEGER PRIMARY KEY REFERENCES tenant (tenant_id),
  open_tickets INTEGER NOT NULL CHECK (open_tickets >= 0),
  overdue_tickets INTEGER NOT NULL CHECK (overdue_tickets >= 0),
  closed_tickets INTEGER NOT NULL CHECK (closed_tickets >= 0)
) STRICT;

UPDATE realm SET
  open_tickets = coalesce((SELECT c.tickets FROM queue_count AS c
    WHERE c.tenant_id = realm.tenant_id AND c.realm_id = realm.realm_id AND c.queue = 'open'), 0),
  overdue_tickets = coalesce((SELECT c.tickets FROM queue_count AS c
    WHERE c.tenant_id = realm.tenant_id AND c.realm_id = realm.realm_id AND c.queue = 'overdue'), 0),
  closed_tickets = coalesce((SELECT c.tickets FROM queue_count AS c
    WHERE c.tenant_id = realm.tenant_id AND c.realm_id = realm.realm_id AND c.queue = 'closed'), 0);

INSERT INTO tenant_count (tenant_id, open_tickets, overdue_tickets, closed_tickets)
SELECT tenant_id, sum(open_tickets), sum(overdue_tickets), sum(closed_tickets)
  FROM realm GROUP BY tenant_id;

DROP INDEX realm_by_path;
CREATE INDEX realm_by_path ON realm (tenant_id, path, newest_open, newest_overdue, newest_closed,
                                     open_tickets, overdue_tickets, closed_tickets);

DROP TRIGGER ticket_inserted;
DROP TRIGGER ticket_inserted_overdue;
DROP TRIGGER ticket_moved;
DROP TRIGGER ticket_left_overdue;
DROP TRIGGER ticket_became_overdue;
DROP TRIGGER ticket_deleted;
DROP TRIGGER newest_joined;
DROP TRIGGER newest_moved;
DROP TRIGGER newest_left;

-- The counters under their former name, for code that still runs.
DROP TABLE queue_count;
CREATE VIEW queue_count AS
SELECT tenant_id, realm_id, 'open' AS queue, open_tickets AS tickets FROM realm
UNION ALL SELECT tenant_id, realm_id, 'overdue', overdue_tickets FROM realm
UNION ALL SELECT tenant_id, realm_id, 'closed', closed_tickets FROM realm;

CREATE TRIGGER ticket_joined AFTER INSERT ON ticket BEGIN
  UPDATE realm SET
    open_tickets = open_tickets + (NEW.state = 'open'),
    overdue_tickets = overdue_tickets + (NEW.state = 'open' AND NEW.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets + (NEW.state = 'closed'),
    newest_open = CASE WHEN NEW.state = 'open'
      THEN max(coalesce(newest_open, ''), NEW.ticket_id) ELSE newest_open END,
    newest_overdue = CASE WHEN NEW.state = 'open' AND NEW.overdue_at IS NOT NULL
      THEN max(coalesce(newest_overdue, ''), NEW.ticket_id) ELSE newest_overdue END,
    newest_closed = CASE WHEN NEW.state = 'closed'
      THEN max(coalesce(newest_closed, ''), NEW.ticket_id) ELSE newest_closed END
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id;
  INSERT INTO tenant_count (tenant_id, open_tickets, overdue_tickets, closed_tickets)
  VALUES (NEW.tenant_id, NEW.state = 'open', NEW.state = 'open' AND NEW.overdue_at IS NOT NULL,
          NEW.state = 'closed')
  ON CONFLICT (tenant_id) DO UPDATE SET
    open_tickets = open_tickets + excluded.open_tickets,
    overdue_tickets = overdue_tickets + excluded.overdue_tickets,
    closed_tickets = closed_tickets + excluded.closed_tickets;
END;

CREATE TRIGGER ticket_left AFTER DELETE ON ticket BEGIN
  UPDATE realm SET
    open_tickets = open_tickets - (OLD.state = 'open'),
    overdue_tickets = overdue_tickets - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets - (OLD.state = 'closed'),
    newest_open = CASE WHEN newest_open = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open')
      ELSE newest_open END,
    newest_overdue = CASE WHEN newest_overdue = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.overdue_at IS NOT NULL)
      ELSE newest_overdue END,
    newest_closed = CASE WHEN newest_closed = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed')
      ELSE newest_closed END
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id;
  UPDATE tenant_count SET
    open_tickets = open_tickets - (OLD.state = 'open'),
    overdue_tickets = overdue_tickets - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets - (OLD.state = 'closed')
   WHERE tenant_id = OLD.tenant_id;
END;

-- Leaves the queues it was in, and joins those it is in now.
CREATE TRIGGER ticket_changed AFTER UPDATE OF state, realm_id, overdue_at ON ticket
WHEN OLD.state <> NEW.state OR OLD.realm_id <> NEW.realm_id
  OR (OLD.overdue_at IS NULL) <> (NEW.overdue_at IS NULL) BEGIN
  UPDATE realm SET
    open_tickets = open_tickets - (OLD.state = 'open'),
    overdue_tickets = overdue_tickets - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets - (OLD.state = 'closed'),
    newest_open = CASE WHEN newest_open = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open')
      ELSE newest_open END,
    newest_overdue = CASE WHEN newest_overdue = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.overdue_at IS NOT NULL)
      ELSE newest_overdue END,
    newest_closed = CASE WHEN newest_closed = OLD.ticket_id
      THEN (SELECT max(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed')
      ELSE newest_closed END
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id;
  UPDATE realm SET
    open_tickets = open_tickets + (NEW.state = 'open'),
    overdue_tickets = overdue_tickets + (NEW.state = 'open' AND NEW.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets + (NEW.state = 'closed'),
    newest_open = CASE WHEN NEW.state = 'open'
      THEN max(coalesce(newest_open, ''), NEW.ticket_id) ELSE newest_open END,
    newest_overdue = CASE WHEN NEW.state = 'open' AND NEW.overdue_at IS NOT NULL
      THEN max(coalesce(newest_overdue, ''), NEW.ticket_id) ELSE newest_overdue END,
    newest_closed = CASE WHEN NEW.state = 'closed'
      THEN max(coalesce(newest_closed, ''), NEW.ticket_id) ELSE newest_closed END
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id;
  UPDATE tenant_count SET
    open_tickets = open_tickets + (NEW.state = 'open') - (OLD.state = 'open'),
    overdue_tickets = overdue_tickets + (NEW.state = 'open' AND NEW.overdue_at IS NOT NULL)
                      - (OLD.state = 'open' AND OLD.overdue_at IS NOT NULL),
    closed_tickets = closed_tickets + (NEW.state = 'closed') - (OLD.state = 'closed')
   WHERE tenant_id = NEW.tenant_id;
END;
