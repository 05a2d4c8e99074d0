-- Every table carries the tenant in its primary key, so that no query can name
-- a record without naming its owner.
CREATE TABLE tenants (
    tenant_id  text PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now() -- last sign-in of anybody
);

-- Only a digest of the cookie's value is kept.
CREATE TABLE sessions (
    digest     bytea PRIMARY KEY,
    tenant_id  text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    user_id    text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- What a tenant granted at a partner, sealed by the application.
CREATE TABLE connections (
    tenant_id  text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    partner    text NOT NULL CHECK (partner IN ('apollo', 'druva', 'monday')),
    sealed     bytea NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, partner)
);
