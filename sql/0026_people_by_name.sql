-- Users are looked for by the beginning of their name as well as of their address.
CREATE INDEX user_by_name ON user (tenant_id, name COLLATE NOCASE);
