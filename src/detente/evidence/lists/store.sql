-- The store of evidence, version 1. Lines are only ever added; what came last counts.
-- Offsets are code points of the stored text, from 0; a span is [start, end) and reaches up to before its end.

-- Every version of every document, with its text.
CREATE TABLE IF NOT EXISTS documents (
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
CREATE INDEX IF NOT EXISTS documents_id ON documents (id);
CREATE INDEX IF NOT EXISTS documents_sha256 ON documents (sha256);
CREATE INDEX IF NOT EXISTS documents_text ON documents (text_sha256);
CREATE INDEX IF NOT EXISTS documents_file ON documents (file);

-- Which extractor read which version.
CREATE TABLE IF NOT EXISTS readings (
  number INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents (number),
  extractor TEXT NOT NULL,
  at TEXT NOT NULL,
  records INTEGER NOT NULL         -- how many it found
);
CREATE INDEX IF NOT EXISTS readings_document ON readings (document);

-- What a reading found.
CREATE TABLE IF NOT EXISTS records (
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
CREATE INDEX IF NOT EXISTS records_reading ON records (reading);
-- No index on id: ids are hashes, and putting each at its place would take as long as all else. Ask by document.

-- Who decided what on which record.
CREATE TABLE IF NOT EXISTS decisions (
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
CREATE INDEX IF NOT EXISTS decisions_record ON decisions (record);
CREATE INDEX IF NOT EXISTS decisions_document ON decisions (document);
CREATE INDEX IF NOT EXISTS decisions_moved ON decisions (moved_from);

-- Lines are only ever added.
CREATE TRIGGER IF NOT EXISTS documents_update BEFORE UPDATE ON documents
  BEGIN SELECT RAISE(ABORT, 'lines of documents are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS documents_delete BEFORE DELETE ON documents
  BEGIN SELECT RAISE(ABORT, 'lines of documents are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS documents_insert BEFORE INSERT ON documents WHEN EXISTS (SELECT 1 FROM documents WHERE number = NEW.number)
  BEGIN SELECT RAISE(ABORT, 'lines of documents are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS readings_update BEFORE UPDATE ON readings
  BEGIN SELECT RAISE(ABORT, 'lines of readings are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS readings_delete BEFORE DELETE ON readings
  BEGIN SELECT RAISE(ABORT, 'lines of readings are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS readings_insert BEFORE INSERT ON readings WHEN EXISTS (SELECT 1 FROM readings WHERE number = NEW.number)
  BEGIN SELECT RAISE(ABORT, 'lines of readings are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS records_update BEFORE UPDATE ON records
  BEGIN SELECT RAISE(ABORT, 'lines of records are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS records_delete BEFORE DELETE ON records
  BEGIN SELECT RAISE(ABORT, 'lines of records are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS records_insert BEFORE INSERT ON records WHEN EXISTS (SELECT 1 FROM records WHERE number = NEW.number)
  BEGIN SELECT RAISE(ABORT, 'lines of records are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS decisions_update BEFORE UPDATE ON decisions
  BEGIN SELECT RAISE(ABORT, 'lines of decisions are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS decisions_delete BEFORE DELETE ON decisions
  BEGIN SELECT RAISE(ABORT, 'lines of decisions are only ever added'); END;
CREATE TRIGGER IF NOT EXISTS decisions_insert BEFORE INSERT ON decisions WHEN EXISTS (SELECT 1 FROM decisions WHERE number = NEW.number)
  BEGIN SELECT RAISE(ABORT, 'lines of decisions are only ever added'); END;

-- What counts now.
CREATE VIEW IF NOT EXISTS latest AS SELECT max(number) AS number, id FROM documents GROUP BY id;
CREATE VIEW IF NOT EXISTS found AS
  SELECT d.id AS document, d.date, r.id, r.label, r.kind, r.start, r.stop, r.confidence, r.witnesses, r.fields, d.text,
    (SELECT verdict FROM decisions WHERE record = r.id ORDER BY number DESC LIMIT 1) AS verdict
  FROM latest l
    JOIN documents d ON d.number = l.number
    JOIN records r ON r.reading = (SELECT max(number) FROM readings WHERE document = d.number);

-- Every span that counts now, with its words.
CREATE VIEW IF NOT EXISTS words AS
  SELECT f.document, f.id, f.label, f.kind, f.verdict, field.key AS field,
    substr(f.text, json_extract(span.value, '$[0]') + 1,
      json_extract(span.value, '$[1]') - json_extract(span.value, '$[0]')) AS words
  FROM found f, json_each(f.fields) field, json_each(field.value) span
  WHERE field.type = 'array' AND span.type = 'array' AND json_array_length(span.value) = 2;
