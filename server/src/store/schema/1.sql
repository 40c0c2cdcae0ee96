-- The ledger: one row a record. `json` is the truth; the rest is made from it and serves the activity log.
CREATE TABLE events (
    seq         INTEGER PRIMARY KEY,
    time        INTEGER NOT NULL,   -- nanoseconds since 1970
    operation   TEXT NOT NULL,      -- in lower case, as the next one
    caller      TEXT NOT NULL,
    correlation TEXT NOT NULL,
    json        TEXT NOT NULL
) STRICT;

-- The resources that records are about.
CREATE TABLE mentions (
    subscription TEXT NOT NULL,     -- in lower case, as the resource's id
    subject      INTEGER NOT NULL,  -- 1: the operation was done to it; 0: it was touched by it
    time         INTEGER NOT NULL,
    seq          INTEGER NOT NULL REFERENCES events,
    resource     TEXT NOT NULL,
    PRIMARY KEY (subscription, subject, time, seq, resource)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_of_resource ON mentions (resource, time);

-- Files that records refer to, by the SHA-256 of their bytes.
CREATE TABLE blobs (
    digest TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
