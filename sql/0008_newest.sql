-- The newest ticket of each queue, kept by the triggers below, so that the realms with the newest
-- tickets are found without looking into each realm's tickets.
ALTER TABLE realm ADD COLUMN newest_open TEXT;
ALTER TABLE realm ADD COLUMN newest_overdue TEXT;
ALTER TABLE realm ADD COLUMN newest_closed TEXT;

UPDATE realm SET
  newest_open = (SELECT max(t.ticket_id) FROM ticket AS t
                  WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                    AND t.state = 'open'),
  newest_overdue = (SELECT max(t.ticket_id) FROM ticket AS t
                     WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                       AND t.state = 'open' AND t.overdue_at IS NOT NULL),
  newest_closed = (SELECT max(t.ticket_id) FROM ticket AS t
                    WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                      AND t.state = 'closed');

-- A sight's realms with their newest tickets, and the realms by their newest ticket.
CREATE INDEX realm_by_path
  ON realm (tenant_id, path, newest_open, newest_overdue, newest_closed);
CREATE INDEX realm_by_newest_open ON realm (tenant_id, newest_open, path)
  WHERE newest_open IS NOT NULL;
CREATE INDEX realm_by_newest_overdue ON realm (tenant_id, newest_overdue, path)
  WHERE newest_overdue IS NOT NULL;
CREATE INDEX realm_by_newest_closed ON realm (tenant_id, newest_closed, path)
  WHERE newest_closed IS NOT NULL;
-- Every 128th realm: tells how much of a tree a sight takes in, without counting it.
CREATE INDEX realm_sample ON realm (tenant_id, path) WHERE realm_id % 128 = 0;

CREATE TRIGGER newest_joined AFTER INSERT ON ticket BEGIN
  UPDATE realm SET newest_open = NEW.ticket_id
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id AND NEW.state = 'open'
     AND coalesce(newest_open, '') < NEW.ticket_id;
  UPDATE realm SET newest_overdue = NEW.ticket_id
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id AND NEW.state = 'open'
     AND NEW.overdue_at IS NOT NULL AND coalesce(newest_overdue, '') < NEW.ticket_id;
  UPDATE realm SET newest_closed = NEW.ticket_id
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id AND NEW.state = 'closed'
     AND coalesce(newest_closed, '') < NEW.ticket_id;
END;

CREATE TRIGGER newest_moved AFTER UPDATE OF state, realm_id, overdue_at ON ticket BEGIN
  UPDATE realm SET newest_open =
         (SELECT max(t.ticket_id) FROM ticket AS t
           WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open')
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id AND newest_open = OLD.ticket_id;
  UPDATE realm SET newest_overdue =
         (SELECT max(t.ticket_id) FROM ticket AS t
           WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
             AND t.overdue_at IS NOT NULL)
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id AND newest_overdue = OLD.ticket_id;
  UPDATE realm SET newest_closed =
         (SELECT max(t.ticket_id) FROM ticket AS t
           WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed')
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id AND newest_closed = OLD.ticket_id;
  UPDATE realm SET newest_open = NEW.ticket_id
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id AND NEW.state = 'open'
     AND coalesce(newest_open, '') < NEW.ticket_id;
  UPDATE realm SET newest_overdue = NEW.ticket_id
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id AND NEW.state = 'open'
     AND NEW.overdue_at IS NOT NULL AND coalesce(newest_overdue, '') < NEW.ticket_id;
  UPDATE realm SET newest_closed = NEW.ticket_id
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id AND NEW.state = 'closed'
     AND coalesce(newest_closed, '') < NEW.ticket_id;
END;

CREATE TRIGGER newest_left AFTER DELETE ON ticket BEGIN
  UPDATE realm SET newest_open =
         (SELECT max(t.ticket_id) FROM ticket AS t
           WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open')
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id AND newest_open = OLD.ticket_id;
  UPDATE realm SET newest_overdue =
         (SELECT max(t.ticket_id) FROM ticket AS t
           WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
             AND t.overdue_at IS NOT NULL)
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id AND newest_overdue = OLD.ticket_id;
  UPDATE realm SET newest_closed =
         (SELECT max(t.ticket_id) FROM ticket AS t
           WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'closed')
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id AND newest_closed = OLD.ticket_id;
END;
