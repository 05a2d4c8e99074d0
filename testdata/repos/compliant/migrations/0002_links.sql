-- The monday account is known from a verified token; one account belongs to one
-- tenant.
CREATE TABLE monday_accounts (
    account_id bigint PRIMARY KEY,
    tenant_id  text NOT NULL REFERENCES tenants ON DELETE CASCADE
);

CREATE TABLE links (
    tenant_id  text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    id         text NOT NULL,
    board_id   bigint NOT NULL,
    item_id    bigint NOT NULL,
    contact_id text NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, board_id, item_id)
);

CREATE TABLE consents (
    tenant_id    text NOT NULL REFERENCES tenants ON DELETE CASCADE,
    user_id      text NOT NULL,
    purpose      text NOT NULL CHECK (purpose IN ('contact-tasks', 'board-updates')),
    granted_at   timestamptz NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (tenant_id, user_id, purpose)
);
