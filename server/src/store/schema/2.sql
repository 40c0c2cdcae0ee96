-- Up to which record the mentions are there: those of later records are put in together, a moment after them.
CREATE TABLE settled (
    upto INTEGER NOT NULL
) STRICT;
INSERT INTO settled SELECT coalesce(max(seq), 0) FROM events;
