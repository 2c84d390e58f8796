-- Where a new ticket's realm comes from (T-17): the door it came through, its department, or its
-- requester's organization. What leads nowhere is the door's (T-20).
ALTER TABLE separation ADD COLUMN realm_from TEXT NOT NULL DEFAULT 'door'
  CHECK (realm_from IN ('door', 'department', 'organization'));

-- The events of osTicket's threads that the table did not know yet, and the move between realms.
CREATE TABLE event_of_ticket (
  -- What happened to a ticket, for its history and the audit.
  tenant_id INTEGER NOT NULL,
  ticket_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  realm_id INTEGER NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('created', 'closed', 'reopened', 'assigned', 'released', 'transferred',
                    'referred', 'overdue', 'edited', 'collab', 'resent', 'deleted', 'merged',
                    'linked', 'unlinked', 'message', 'reply', 'note', 'moved')),
  actor TEXT NOT NULL CHECK (actor IN ('user', 'agent', 'api', 'mail', 'scheduler')),
  actor_id TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, ticket_id, event_id),
  FOREIGN KEY (tenant_id, ticket_id, realm_id)
    REFERENCES ticket (tenant_id, ticket_id, realm_id) ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO event_of_ticket
SELECT tenant_id, ticket_id, event_id, realm_id, kind, actor, actor_id, created_at FROM event;
DROP TABLE event;
ALTER TABLE event_of_ticket RENAME TO event;
