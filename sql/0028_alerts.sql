-- Who leads a team, and hears of what it is assigned.
ALTER TABLE team ADD COLUMN lead_id TEXT;

-- Whether a department's new tickets, and messages to its tickets, are answered by themselves.
ALTER TABLE department ADD COLUMN answers_tickets INTEGER NOT NULL DEFAULT 1
  CHECK (answers_tickets IN (0, 1));
ALTER TABLE department ADD COLUMN answers_messages INTEGER NOT NULL DEFAULT 1
  CHECK (answers_messages IN (0, 1));
