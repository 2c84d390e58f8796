-- What was changed about a ticket, where the kind of the event does not say it (osTicket's FO-9): in JSON,
-- under `fields` by their ids, what they held and what they hold.
ALTER TABLE event ADD COLUMN detail TEXT;
