CREATE TABLE mail_template (
  -- What a realm's mails of one kind say; realms below inherit it unless they write their own.
  tenant_id INTEGER NOT NULL,
  realm_id INTEGER NOT NULL,
  code TEXT NOT NULL CHECK (code <> ''),
  subject TEXT NOT NULL CHECK (subject <> ''),
  text TEXT NOT NULL CHECK (text <> ''),
  PRIMARY KEY (tenant_id, realm_id, code),
  FOREIGN KEY (tenant_id, realm_id) REFERENCES realm (tenant_id, realm_id)
) STRICT, WITHOUT ROWID;
