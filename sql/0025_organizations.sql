-- What organizations do to the new tickets of their users (osTicket's US-4): whether the account
-- manager gets those that nobody else is said to get, and which members take part in them.
ALTER TABLE organization ADD COLUMN assigns_manager INTEGER NOT NULL DEFAULT 0
  CHECK (assigns_manager IN (0, 1));
ALTER TABLE organization ADD COLUMN taking_part TEXT NOT NULL DEFAULT 'none'
  CHECK (taking_part IN ('none', 'primary', 'everybody'));
