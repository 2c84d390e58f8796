CREATE TABLE topic_field_off (
  -- A field of an attached form that tickets of the topic are not asked for.
  tenant_id INTEGER NOT NULL,
  topic_id INTEGER NOT NULL,
  form_id INTEGER NOT NULL,
  field_id INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, topic_id, form_id, field_id),
  FOREIGN KEY (tenant_id, topic_id, form_id)
    REFERENCES topic_form (tenant_id, topic_id, form_id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, field_id) REFERENCES field (tenant_id, field_id)
) STRICT, WITHOUT ROWID;
