-- The store of evidence, version 1. Lines are only ever added; what came last counts.
-- Offsets are code points of the stored text, from 0; a span is [start, end) and reaches up to before its end.

-- Every version of every document, with its text.
CREATE TABLE documents (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,                -- what a case writes
  file TEXT,                       -- relative to the store
  sha256 TEXT NOT NULL,            -- of the bytes of the file
  text_sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  title TEXT, author TEXT, publisher TEXT, date TEXT, url TEXT, language TEXT, licence TEXT,
  furniture TEXT NOT NULL,         -- JSON: spans from which nothing is read
  notes TEXT NOT NULL,             -- JSON: what to know of how it was read
  text NOT NULL,                   -- TEXT; a BLOB of UTF-8 where it holds NUL or lone surrogates
  read_at TEXT NOT NULL            -- UTC, as all times
);
CREATE INDEX documents_id ON documents (id);
CREATE INDEX documents_sha256 ON documents (sha256);
CREATE INDEX documents_file ON documents (file);

-- Which extractor read which version.
CREATE TABLE readings (
  number INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (number),
  extractor TEXT NOT NULL,
  at TEXT NOT NULL,
  records INTEGER NOT NULL         -- how many it found
);
CREATE INDEX readings_document ON readings (document);

-- What a reading found.
CREATE TABLE records (
  number INTEGER PRIMARY KEY,
  reading INTEGER NOT NULL REFERENCES readings (number),
  id TEXT NOT NULL,                -- stable: follows from text, kind and spans
  label TEXT NOT NULL,             -- s3: a statement; kept over versions and readings of its document
  kind TEXT NOT NULL,
  start INTEGER, stop INTEGER,     -- from its first character to its last
  confidence REAL NOT NULL,
  witnesses TEXT NOT NULL,         -- JSON
  fields TEXT NOT NULL             -- JSON
);
CREATE INDEX records_reading ON records (reading);
CREATE INDEX records_id ON records (id);

-- Who decided what on which record.
CREATE TABLE decisions (
  number INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (number),
  record TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'correct', 'reject')),
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  note TEXT,
  kind TEXT NOT NULL,
  fields TEXT NOT NULL,            -- JSON: the record as it was decided on, corrected where it was
  moved_from INTEGER REFERENCES decisions (number),  -- carried over from another version of the document
  rung TEXT                        -- how it was found there; 'fuzzy' is to be reviewed, 'lost' was not found
);
CREATE INDEX decisions_record ON decisions (record);
CREATE INDEX decisions_document ON decisions (document);
CREATE INDEX decisions_moved ON decisions (moved_from);

-- What counts now.
CREATE VIEW latest AS SELECT max(number) AS number, id FROM documents GROUP BY id;
CREATE VIEW found AS
  SELECT d.id AS document, d.date, r.id, r.label, r.kind, r.start, r.stop, r.confidence, r.witnesses, r.fields, d.text,
    (SELECT verdict FROM decisions WHERE record = r.id ORDER BY number DESC LIMIT 1) AS verdict
  FROM latest l
    JOIN documents d ON d.number = l.number
    JOIN records r ON r.reading = (SELECT max(number) FROM readings WHERE document = d.number);

-- Every span that counts now, with its words.
CREATE VIEW words AS
  SELECT f.document, f.id, f.label, f.kind, f.verdict, field.key AS field,
    substr(f.text, json_extract(span.value, '$[0]') + 1,
      json_extract(span.value, '$[1]') - json_extract(span.value, '$[0]')) AS words
  FROM found f, json_each(f.fields) field, json_each(field.value) span
  WHERE field.type = 'array' AND span.type = 'array' AND json_array_length(span.value) = 2;
