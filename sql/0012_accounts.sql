-- Raising session_epoch ends all sessions of the user at their next request; using a mailed
-- sign-in link raises link_epoch, so that each link works once.
ALTER TABLE user ADD COLUMN session_epoch INTEGER NOT NULL DEFAULT 1;
ALTER TABLE user ADD COLUMN link_epoch INTEGER NOT NULL DEFAULT 1;
-- Sees the organization's tickets where they are shared with primary contacts only.
ALTER TABLE user ADD COLUMN is_primary_contact INTEGER NOT NULL DEFAULT 0
  CHECK (is_primary_contact IN (0, 1));

-- With whom inside the organization its members' tickets are shared (osTicket's US-4).
ALTER TABLE organization ADD COLUMN sharing TEXT NOT NULL DEFAULT 'none'
  CHECK (sharing IN ('none', 'primary', 'everybody'));

CREATE INDEX user_of_organization ON user (tenant_id, organization_id, user_id)
  WHERE organization_id IS NOT NULL;

-- A user's tickets by state, newest first; a prefix of it does what ticket_of_user did.
CREATE INDEX ticket_of_user_by_state ON ticket (tenant_id, user_id, state, ticket_id, realm_id);
DROP INDEX ticket_of_user;

CREATE TABLE mailed_link (
  -- How many links an address was mailed since a moment, so that nobody can have it flooded.
  tenant_id INTEGER NOT NULL REFERENCES tenant (tenant_id),
  address TEXT NOT NULL CHECK (address = lower(address)),
  since_at INTEGER NOT NULL,
  links INTEGER NOT NULL CHECK (links > 0),
  PRIMARY KEY (tenant_id, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_count (
  -- How many tickets a user has raised for each realm; kept by the triggers below.
  tenant_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  tickets INTEGER NOT NULL CHECK (tickets >= 0),
  PRIMARY KEY (tenant_id, user_id, realm_id, state),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user (tenant_id, user_id),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;

INSERT INTO user_count (tenant_id, user_id, realm_id, state, tickets)
SELECT tenant_id, user_id, realm_id, state, count(*)
  FROM ticket
 GROUP BY tenant_id, user_id, realm_id, state;

CREATE TRIGGER user_count_joined AFTER INSERT ON ticket BEGIN
  INSERT INTO user_count (tenant_id, user_id, realm_id, state, tickets)
  VALUES (NEW.tenant_id, NEW.user_id, NEW.realm_id, NEW.state, 1)
  ON CONFLICT (tenant_id, user_id, realm_id, state) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER user_count_moved AFTER UPDATE OF state, realm_id, user_id ON ticket
WHEN OLD.state <> NEW.state OR OLD.realm_id <> NEW.realm_id OR OLD.user_id <> NEW.user_id BEGIN
  UPDATE user_count SET tickets = tickets - 1
   WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id AND realm_id = OLD.realm_id
     AND state = OLD.state;
  INSERT INTO user_count (tenant_id, user_id, realm_id, state, tickets)
  VALUES (NEW.tenant_id, NEW.user_id, NEW.realm_id, NEW.state, 1)
  ON CONFLICT (tenant_id, user_id, realm_id, state) DO UPDATE SET tickets = tickets + 1;
END;

CREATE TRIGGER user_count_left AFTER DELETE ON ticket BEGIN
  UPDATE user_count SET tickets = tickets - 1
   WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id AND realm_id = OLD.realm_id
     AND state = OLD.state;
END;
