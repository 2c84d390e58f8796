-- Forms of users and of organizations, and what is filled into them.

-- The table is built again because its CHECK learns two kinds. What refers to it is looked at when
-- all is done: between the two it refers to nothing.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE form_kept AS SELECT * FROM form;
DROP TABLE form;
CREATE TABLE form (
  -- Fields that are filled in together: with every ticket, with those of some topics, or of
  -- everybody who asks for help, or of every organization.
  tenant_id INTEGER NOT NULL,
  form_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ticket', 'topic', 'user', 'organization')),
  title TEXT NOT NULL,
  instructions TEXT NOT NULL DEFAULT '',
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  PRIMARY KEY (tenant_id, form_id),
  UNIQUE (tenant_id, realm_id, title),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;
INSERT INTO form (tenant_id, form_id, realm_id, kind, title, instructions, is_active)
SELECT tenant_id, form_id, realm_id, kind, title, instructions, is_active FROM form_kept;
DROP TABLE form_kept;
CREATE INDEX form_of_realm ON form (tenant_id, realm_id, kind);

CREATE TABLE user_value (
  -- What was filled into a form of a user. Of several choices each is a row.
  tenant_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  field_id INTEGER NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  -- Of dates, numbers and list items, so that they compare as what they are.
  number INTEGER,
  PRIMARY KEY (tenant_id, user_id, field_id, position),
  FOREIGN KEY (tenant_id, user_id) REFERENCES user (tenant_id, user_id),
  FOREIGN KEY (tenant_id, field_id) REFERENCES field (tenant_id, field_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE organization_value (
  -- What was filled into a form of an organization. Of several choices each is a row.
  tenant_id INTEGER NOT NULL,
  organization_id TEXT NOT NULL,
  field_id INTEGER NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  -- Of dates, numbers and list items, so that they compare as what they are.
  number INTEGER,
  PRIMARY KEY (tenant_id, organization_id, field_id, position),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organization (tenant_id, organization_id),
  FOREIGN KEY (tenant_id, field_id) REFERENCES field (tenant_id, field_id)
) STRICT, WITHOUT ROWID;

-- osTicket's two forms, for the tenants that there are; what has their titles already stays.
INSERT INTO form (tenant_id, form_id, realm_id, kind, title)
SELECT r.tenant_id,
       (SELECT coalesce(max(f.form_id), 0) FROM form AS f WHERE f.tenant_id = r.tenant_id)
         + (seed.value ->> 0),
       r.realm_id, seed.value ->> 1, seed.value ->> 2
  FROM realm AS r
 CROSS JOIN json_each('[
   [1, "user", "Contact Information"],
   [2, "organization", "Organization Information"]]') AS seed
 WHERE r.parent_id IS NULL
ON CONFLICT DO NOTHING;
INSERT INTO field (tenant_id, field_id, form_id, name, label, kind, options, user_access, position)
SELECT o.tenant_id,
       (SELECT coalesce(max(f.field_id), 0) FROM field AS f WHERE f.tenant_id = o.tenant_id)
         + (seed.value ->> 0),
       o.form_id, seed.value ->> 2, seed.value ->> 3, seed.value ->> 4,
       iif(seed.value ->> 4 = 'phone', '{"has_extension":true}', '{}'), seed.value ->> 5,
       seed.value ->> 0
  FROM form AS o
 CROSS JOIN json_each('[
   [1, "user", "phone", "Phone Number", "phone", "optional"],
   [2, "user", "notes", "Internal Notes", "memo", "hidden"],
   [3, "organization", "address", "Address", "memo", "hidden"],
   [4, "organization", "phone", "Phone", "phone", "hidden"],
   [5, "organization", "website", "Website", "text", "hidden"],
   [6, "organization", "notes", "Internal Notes", "memo", "hidden"]]') AS seed
 WHERE o.kind = seed.value ->> 1;
