-- Fields for time zones, departments, agents, and for what tickets are.

-- The table is built again because its CHECK learns kinds. What refers to it is looked at when
-- all is done: between the two it refers to nothing.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE field_kept AS SELECT * FROM field;
DROP TABLE field;
CREATE TABLE field (
  -- One thing that a form asks for.
  tenant_id INTEGER NOT NULL,
  field_id INTEGER NOT NULL,
  form_id INTEGER NOT NULL,
  -- What programs call it; unique among the fields of a form.
  name TEXT NOT NULL,
  label TEXT NOT NULL,
  hint TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL
    CHECK (kind IN ('text', 'memo', 'email', 'phone', 'checkbox', 'choice', 'list', 'date',
                    'priority', 'files', 'section', 'information', 'timezone', 'department',
                    'agent', 'state', 'flag')),
  -- What the kind leaves open; read by desk::form, which knows each kind's options.
  options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options)),
  -- What a field of the kind 'list' offers.
  list_id INTEGER,
  user_access TEXT NOT NULL DEFAULT 'optional'
    CHECK (user_access IN ('hidden', 'shown', 'optional', 'required')),
  agent_access TEXT NOT NULL DEFAULT 'optional'
    CHECK (agent_access IN ('hidden', 'shown', 'optional', 'required')),
  is_needed_to_close INTEGER NOT NULL DEFAULT 0 CHECK (is_needed_to_close IN (0, 1)),
  -- Asked for only where an earlier field has one of these values; with an empty list, any.
  when_field_id INTEGER,
  when_values TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(when_values)),
  position INTEGER NOT NULL DEFAULT 0,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  PRIMARY KEY (tenant_id, field_id),
  UNIQUE (tenant_id, form_id, name),
  CHECK ((kind = 'list') = (list_id IS NOT NULL)),
  FOREIGN KEY (tenant_id, list_id) REFERENCES list (tenant_id, list_id),
  FOREIGN KEY (tenant_id, form_id) REFERENCES form (tenant_id, form_id),
  FOREIGN KEY (tenant_id, when_field_id) REFERENCES field (tenant_id, field_id)
) STRICT, WITHOUT ROWID;
INSERT INTO field (tenant_id, field_id, form_id, name, label, hint, kind, options, list_id,
                   user_access, agent_access, is_needed_to_close, when_field_id, when_values,
                   position, is_active)
SELECT tenant_id, field_id, form_id, name, label, hint, kind, options, list_id, user_access,
       agent_access, is_needed_to_close, when_field_id, when_values, position, is_active
  FROM field_kept;
DROP TABLE field_kept;

CREATE INDEX field_of_list ON field (tenant_id, list_id) WHERE list_id IS NOT NULL;
