-- The roots of a tenant's trees: whoever changes something for the whole tenant holds all of them.
CREATE INDEX realm_root ON realm (tenant_id) WHERE parent_id IS NULL;
-- Realms are found by the beginning of their names.
CREATE INDEX realm_by_name ON realm (tenant_id, name COLLATE NOCASE, path);

-- Whom a realm is shown to, read from the realm.
CREATE INDEX agent_grant_of_realm ON agent_grant (tenant_id, realm_id);
CREATE INDEX team_grant_of_realm ON team_grant (tenant_id, realm_id);
CREATE INDEX realm_rule_of_realm ON realm_rule (tenant_id, realm_id);
