-- Lists read from the other end: the oldest ticket first.

-- Of each realm the oldest ticket of each list of open tickets.
ALTER TABLE realm ADD COLUMN oldest_open TEXT;
ALTER TABLE realm ADD COLUMN oldest_unanswered TEXT;
ALTER TABLE realm ADD COLUMN oldest_answered TEXT;
ALTER TABLE realm ADD COLUMN oldest_overdue TEXT;

UPDATE realm SET
  oldest_open = (SELECT min(t.ticket_id) FROM ticket AS t
                  WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                    AND t.state = 'open'),
  oldest_unanswered = (SELECT min(t.ticket_id) FROM ticket AS t
                        WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                          AND t.state = 'open' AND t.answered_at IS NULL),
  oldest_answered = (SELECT min(t.ticket_id) FROM ticket AS t
                      WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                        AND t.state = 'open' AND t.answered_at IS NOT NULL),
  oldest_overdue = (SELECT min(t.ticket_id) FROM ticket AS t
                     WHERE t.tenant_id = realm.tenant_id AND t.realm_id = realm.realm_id
                       AND t.state = 'open' AND t.overdue_at IS NOT NULL);

CREATE INDEX realm_by_path_oldest ON realm (tenant_id, path, oldest_open, oldest_unanswered,
                                            oldest_answered, oldest_overdue);
CREATE INDEX realm_by_oldest_open ON realm (tenant_id, oldest_open, path)
  WHERE oldest_open IS NOT NULL;
CREATE INDEX realm_by_oldest_unanswered ON realm (tenant_id, oldest_unanswered, path)
  WHERE oldest_unanswered IS NOT NULL;
CREATE INDEX realm_by_oldest_answered ON realm (tenant_id, oldest_answered, path)
  WHERE oldest_answered IS NOT NULL;
CREATE INDEX realm_by_oldest_overdue ON realm (tenant_id, oldest_overdue, path)
  WHERE oldest_overdue IS NOT NULL;

-- A ticket is newer than those that are there, as a rule; so these touch a realm's row, and its
-- indexes, only where it is the first of a list or leaves as its oldest.
CREATE TRIGGER oldest_joined AFTER INSERT ON ticket WHEN NEW.state = 'open' BEGIN
  UPDATE realm SET
    oldest_open = min(coalesce(oldest_open, '~'), NEW.ticket_id),
    oldest_unanswered = CASE WHEN NEW.answered_at IS NULL
      THEN min(coalesce(oldest_unanswered, '~'), NEW.ticket_id) ELSE oldest_unanswered END,
    oldest_answered = CASE WHEN NEW.answered_at IS NOT NULL
      THEN min(coalesce(oldest_answered, '~'), NEW.ticket_id) ELSE oldest_answered END,
    oldest_overdue = CASE WHEN NEW.overdue_at IS NOT NULL
      THEN min(coalesce(oldest_overdue, '~'), NEW.ticket_id) ELSE oldest_overdue END
   WHERE tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id
     AND NEW.ticket_id < max(
       coalesce(oldest_open, '~'),
       CASE WHEN NEW.answered_at IS NULL THEN coalesce(oldest_unanswered, '~')
            ELSE coalesce(oldest_answered, '~') END,
       CASE WHEN NEW.overdue_at IS NOT NULL THEN coalesce(oldest_overdue, '~') ELSE '' END);
END;

CREATE TRIGGER oldest_left AFTER DELETE ON ticket WHEN OLD.state = 'open' BEGIN
  UPDATE realm SET
    oldest_open = CASE WHEN oldest_open = OLD.ticket_id
      THEN (SELECT min(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open')
      ELSE oldest_open END,
    oldest_unanswered = CASE WHEN oldest_unanswered = OLD.ticket_id
      THEN (SELECT min(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.answered_at IS NULL)
      ELSE oldest_unanswered END,
    oldest_answered = CASE WHEN oldest_answered = OLD.ticket_id
      THEN (SELECT min(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.answered_at IS NOT NULL)
      ELSE oldest_answered END,
    oldest_overdue = CASE WHEN oldest_overdue = OLD.ticket_id
      THEN (SELECT min(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.overdue_at IS NOT NULL)
      ELSE oldest_overdue END
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id
     AND OLD.ticket_id IN (oldest_open, oldest_unanswered, oldest_answered, oldest_overdue);
END;

CREATE TRIGGER oldest_changed
AFTER UPDATE OF state, realm_id, overdue_at, answered_at ON ticket
WHEN OLD.state <> NEW.state OR OLD.realm_id <> NEW.realm_id
  OR (OLD.overdue_at IS NULL) <> (NEW.overdue_at IS NULL)
  OR (OLD.answered_at IS NULL) <> (NEW.answered_at IS NULL) BEGIN
  UPDATE realm SET
    oldest_open = CASE WHEN oldest_open = OLD.ticket_id
      THEN (SELECT min(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open')
      ELSE oldest_open END,
    oldest_unanswered = CASE WHEN oldest_unanswered = OLD.ticket_id
      THEN (SELECT min(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.answered_at IS NULL)
      ELSE oldest_unanswered END,
    oldest_answered = CASE WHEN oldest_answered = OLD.ticket_id
      THEN (SELECT min(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.answered_at IS NOT NULL)
      ELSE oldest_answered END,
    oldest_overdue = CASE WHEN oldest_overdue = OLD.ticket_id
      THEN (SELECT min(t.ticket_id) FROM ticket AS t
             WHERE t.tenant_id = OLD.tenant_id AND t.realm_id = OLD.realm_id AND t.state = 'open'
               AND t.overdue_at IS NOT NULL)
      ELSE oldest_overdue END
   WHERE tenant_id = OLD.tenant_id AND realm_id = OLD.realm_id
     AND OLD.ticket_id IN (oldest_open, oldest_unanswered, oldest_answered, oldest_overdue);
  UPDATE realm SET
    oldest_open = min(coalesce(oldest_open, '~'), NEW.ticket_id),
    oldest_unanswered = CASE WHEN NEW.answered_at IS NULL
      THEN min(coalesce(oldest_unanswered, '~'), NEW.ticket_id) ELSE oldest_unanswered END,
    oldest_answered = CASE WHEN NEW.answered_at IS NOT NULL
      THEN min(coalesce(oldest_answered, '~'), NEW.ticket_id) ELSE oldest_answered END,
    oldest_overdue = CASE WHEN NEW.overdue_at IS NOT NULL
      THEN min(coalesce(oldest_overdue, '~'), NEW.ticket_id) ELSE oldest_overdue END
   WHERE NEW.state = 'open' AND tenant_id = NEW.tenant_id AND realm_id = NEW.realm_id
     AND NEW.ticket_id < max(
       coalesce(oldest_open, '~'),
       CASE WHEN NEW.answered_at IS NULL THEN coalesce(oldest_unanswered, '~')
            ELSE coalesce(oldest_answered, '~') END,
       CASE WHEN NEW.overdue_at IS NOT NULL THEN coalesce(oldest_overdue, '~') ELSE '' END);
END;

-- Lists that are walked past what is out of sight: which realm a ticket is of stands in the index.
DROP INDEX ticket_by_state;
CREATE INDEX ticket_by_state ON ticket (tenant_id, state, ticket_id, realm_id);
DROP INDEX ticket_unanswered;
CREATE INDEX ticket_unanswered ON ticket (tenant_id, ticket_id, realm_id)
  WHERE state = 'open' AND answered_at IS NULL;
DROP INDEX ticket_answered;
CREATE INDEX ticket_answered ON ticket (tenant_id, ticket_id, realm_id)
  WHERE state = 'open' AND answered_at IS NOT NULL;
DROP INDEX ticket_overdue;
CREATE INDEX ticket_overdue ON ticket (tenant_id, ticket_id, realm_id)
  WHERE overdue_at IS NOT NULL AND state = 'open';
DROP INDEX ticket_closing;
CREATE INDEX ticket_closing ON ticket (tenant_id, closing, realm_id) WHERE state = 'closed';

-- A department's tickets realm by realm, for agents who are limited to departments.
CREATE INDEX ticket_of_department_by_realm
  ON ticket (tenant_id, department_id, realm_id, state, ticket_id);

CREATE TABLE team_work (
  -- Where a team's open tickets are: of each realm the oldest and the newest of them, as a JSON
  -- object of some realms a row, so that a sight's first ones are found among many realms.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  team_id INTEGER NOT NULL,
  -- Of 64 realms whose ids follow each other.
  block INTEGER NOT NULL,
  realms TEXT NOT NULL CHECK (json_valid(realms)),
  PRIMARY KEY (tenant_id, team_id, block)
) STRICT, WITHOUT ROWID;

INSERT INTO team_work (tenant_id, team_id, block, realms)
SELECT tenant_id, team_id, realm_id / 64,
       json_group_object(CAST(realm_id AS TEXT), json_array(oldest, newest))
  FROM (SELECT tenant_id, team_id, realm_id, min(ticket_id) AS oldest, max(ticket_id) AS newest
          FROM ticket
         WHERE state = 'open' AND team_id IS NOT NULL
         GROUP BY tenant_id, team_id, realm_id) AS found
 GROUP BY 1, 2, 3;

CREATE TRIGGER team_work_joined AFTER INSERT ON ticket
WHEN NEW.state = 'open' AND NEW.team_id IS NOT NULL BEGIN
  INSERT INTO team_work (tenant_id, team_id, block, realms)
  VALUES (NEW.tenant_id, NEW.team_id, NEW.realm_id / 64,
          json_object(CAST(NEW.realm_id AS TEXT), json_array(NEW.ticket_id, NEW.ticket_id)))
  ON CONFLICT (tenant_id, team_id, block) DO UPDATE SET
    realms = json_set(realms, '$."' || NEW.realm_id || '"', json_array(
      min(coalesce(realms ->> ('$."' || NEW.realm_id || '"[0]'), '~'), NEW.ticket_id),
      max(coalesce(realms ->> ('$."' || NEW.realm_id || '"[1]'), ''), NEW.ticket_id)));
END;

CREATE TRIGGER team_work_moved AFTER UPDATE OF state, realm_id, team_id ON ticket
WHEN (OLD.state <> NEW.state OR OLD.realm_id <> NEW.realm_id OR OLD.team_id IS NOT NEW.team_id)
 AND coalesce(OLD.team_id, NEW.team_id) IS NOT NULL BEGIN
  UPDATE team_work SET
    realms = json_patch(realms, json_object(CAST(OLD.realm_id AS TEXT), json(
      (SELECT CASE WHEN count(*) > 0 THEN json_array(min(o.ticket_id), max(o.ticket_id)) END
         FROM (SELECT min(t.ticket_id) AS ticket_id FROM ticket AS t
                WHERE t.tenant_id = OLD.tenant_id AND t.team_id = OLD.team_id
                  AND t.realm_id = OLD.realm_id AND t.state = 'open'
               UNION ALL
               SELECT max(t.ticket_id) FROM ticket AS t
                WHERE t.tenant_id = OLD.tenant_id AND t.team_id = OLD.team_id
                  AND t.realm_id = OLD.realm_id AND t.state = 'open') AS o
        WHERE o.ticket_id IS NOT NULL))))
   WHERE tenant_id = OLD.tenant_id AND team_id = OLD.team_id AND block = OLD.realm_id / 64
     AND OLD.ticket_id IN (realms ->> ('$."' || OLD.realm_id || '"[0]'),
                           realms ->> ('$."' || OLD.realm_id || '"[1]'));
  INSERT INTO team_work (tenant_id, team_id, block, realms)
  SELECT NEW.tenant_id, NEW.team_id, NEW.realm_id / 64,
         json_object(CAST(NEW.realm_id AS TEXT), json_array(NEW.ticket_id, NEW.ticket_id))
   WHERE NEW.state = 'open' AND NEW.team_id IS NOT NULL
  ON CONFLICT (tenant_id, team_id, block) DO UPDATE SET
    realms = json_set(realms, '$."' || NEW.realm_id || '"', json_array(
      min(coalesce(realms ->> ('$."' || NEW.realm_id || '"[0]'), '~'), NEW.ticket_id),
      max(coalesce(realms ->> ('$."' || NEW.realm_id || '"[1]'), ''), NEW.ticket_id)));
END;

CREATE TRIGGER team_work_left AFTER DELETE ON ticket
WHEN OLD.state = 'open' AND OLD.team_id IS NOT NULL BEGIN
  UPDATE team_work SET
    realms = json_patch(realms, json_object(CAST(OLD.realm_id AS TEXT), json(
      (SELECT CASE WHEN count(*) > 0 THEN json_array(min(o.ticket_id), max(o.ticket_id)) END
         FROM (SELECT min(t.ticket_id) AS ticket_id FROM ticket AS t
                WHERE t.tenant_id = OLD.tenant_id AND t.team_id = OLD.team_id
                  AND t.realm_id = OLD.realm_id AND t.state = 'open'
               UNION ALL
               SELECT max(t.ticket_id) FROM ticket AS t
                WHERE t.tenant_id = OLD.tenant_id AND t.team_id = OLD.team_id
                  AND t.realm_id = OLD.realm_id AND t.state = 'open') AS o
        WHERE o.ticket_id IS NOT NULL))))
   WHERE tenant_id = OLD.tenant_id AND team_id = OLD.team_id AND block = OLD.realm_id / 64
     AND OLD.ticket_id IN (realms ->> ('$."' || OLD.realm_id || '"[0]'),
                           realms ->> ('$."' || OLD.realm_id || '"[1]'));
END;
