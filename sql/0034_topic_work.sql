-- The status that a topic's tickets have from the start, as filters give one: whether it means that
-- they are closed, and which it is, where it is not the one that every tenant has for that.
ALTER TABLE help_topic ADD COLUMN state TEXT CHECK (state IN ('open', 'closed'));
ALTER TABLE help_topic ADD COLUMN status_id INTEGER;
