-- Properties of lists' items: a form per list, and what is filled into it for each item.

-- The table is built again because its CHECK learns a kind. What refers to it is looked at when
-- all is done: between the two it refers to nothing.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE form_kept AS SELECT * FROM form;
DROP TABLE form;
CREATE TABLE form (
  -- Fields that are filled in together: with every ticket, with those of some topics, or of
  -- everybody who asks for help, of every organization, or of every item of a list.
  tenant_id INTEGER NOT NULL,
  form_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ticket', 'topic', 'user', 'organization', 'list')),
  title TEXT NOT NULL,
  instructions TEXT NOT NULL DEFAULT '',
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  -- Of the kind 'list': whose items.
  list_id INTEGER,
  PRIMARY KEY (tenant_id, form_id),
  UNIQUE (tenant_id, realm_id, title),
  CHECK ((kind = 'list') = (list_id IS NOT NULL)),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id),
  FOREIGN KEY (tenant_id, list_id) REFERENCES list (tenant_id, list_id)
) STRICT, WITHOUT ROWID;
INSERT INTO form (tenant_id, form_id, realm_id, kind, title, instructions, is_active)
SELECT tenant_id, form_id, realm_id, kind, title, instructions, is_active FROM form_kept;
DROP TABLE form_kept;
CREATE INDEX form_of_realm ON form (tenant_id, realm_id, kind);
CREATE UNIQUE INDEX form_of_list ON form (tenant_id, list_id) WHERE list_id IS NOT NULL;

-- Who saves an item's properties after somebody else is told so.
ALTER TABLE list_item ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

CREATE TABLE list_item_value (
  -- What was filled into its list's form for an item. Of several choices each is a row.
  tenant_id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  field_id INTEGER NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  -- Of dates, numbers and list items, so that they compare as what they are.
  number INTEGER,
  PRIMARY KEY (tenant_id, list_id, item_id, field_id, position),
  FOREIGN KEY (tenant_id, list_id, item_id) REFERENCES list_item (tenant_id, list_id, item_id),
  FOREIGN KEY (tenant_id, field_id) REFERENCES field (tenant_id, field_id)
) STRICT, WITHOUT ROWID;
