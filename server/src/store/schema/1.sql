-- The ledger: one row a record. `json` is the truth; the other columns are made from it and serve the activity log.
CREATE TABLE events (
    seq            INTEGER PRIMARY KEY,
    time           INTEGER NOT NULL,   -- nanoseconds since 1970
    subscription   TEXT NOT NULL,      -- these five in lower case
    resource_group TEXT NOT NULL,
    resource       TEXT NOT NULL,
    operation      TEXT NOT NULL,
    caller         TEXT NOT NULL,
    correlation    TEXT NOT NULL,
    json           TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_subscription ON events (subscription, time);
CREATE INDEX events_of_resource ON events (resource, time) WHERE resource <> '';
CREATE INDEX events_of_correlation ON events (correlation);

-- Files that records refer to, by the SHA-256 of their bytes.
CREATE TABLE blobs (
    digest TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
