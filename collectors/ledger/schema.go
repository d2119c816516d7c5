// The schema, as the list of steps that lead to it.

package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/firebreak/firebreak/collectors/record"
)

// migrations lead from an empty file to the present schema: the n-th brings version n to n+1. A step
// that was ever released is never changed, only followed by another.
var migrations = []string{v1, v2, v3, v4}

// v1 has bodies as the last columns, so that a query that does not want them need not read past the
// row's first page. Tables with a body keep their rowid: a body may be longer than is good for an index.
const v1 = `
CREATE TABLE issue (
	tracker TEXT NOT NULL, id TEXT NOT NULL,
	key TEXT, project TEXT, type TEXT, status TEXT, category TEXT, priority TEXT, resolution TEXT, title TEXT, due TEXT,
	created INTEGER, updated INTEGER, closed INTEGER, gone INTEGER,
	body BLOB NOT NULL,
	UNIQUE (tracker, id)
);
CREATE TABLE alias (
	tracker TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL,
	PRIMARY KEY (tracker, key, id)
) WITHOUT ROWID;
CREATE TABLE page (
	tracker TEXT NOT NULL, id TEXT NOT NULL,
	number TEXT, title TEXT, service TEXT, urgency TEXT,
	triggered INTEGER, acked INTEGER, resolved INTEGER,
	body BLOB NOT NULL,
	UNIQUE (tracker, id)
);
CREATE TABLE shift (
	tracker TEXT NOT NULL, id TEXT NOT NULL,
	rota TEXT, person TEXT, role TEXT,
	start INTEGER, end INTEGER,
	body BLOB NOT NULL,
	UNIQUE (tracker, id)
);
CREATE TABLE status (
	tracker TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL,
	PRIMARY KEY (tracker, id, name, category)
) WITHOUT ROWID;

-- batches counts the batches ever saved: it tells an older reading of a part from the present one.
CREATE TABLE source (
	name TEXT PRIMARY KEY,
	cursor TEXT NOT NULL DEFAULT '',
	horizon INTEGER,
	batches INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE run (
	id INTEGER PRIMARY KEY,
	source TEXT NOT NULL,
	started INTEGER NOT NULL,
	ended INTEGER,
	outcome TEXT NOT NULL,
	records INTEGER NOT NULL DEFAULT 0,
	first_batch INTEGER NOT NULL
);
CREATE INDEX run_source ON run (source, id);
CREATE TABLE tally (
	source TEXT NOT NULL, part TEXT NOT NULL,
	kind TEXT NOT NULL, read INTEGER NOT NULL, changes INTEGER NOT NULL,
	left TEXT NOT NULL, -- a JSON object: reason to count
	batch INTEGER NOT NULL,
	PRIMARY KEY (source, part)
) WITHOUT ROWID;
CREATE TABLE doubt (
	source TEXT NOT NULL, place TEXT NOT NULL, what TEXT NOT NULL,
	batch INTEGER NOT NULL,
	PRIMARY KEY (source, place, what)
) WITHOUT ROWID;
CREATE TABLE gap (
	source TEXT NOT NULL, what TEXT NOT NULL, why TEXT NOT NULL,
	at INTEGER,
	batch INTEGER NOT NULL,
	PRIMARY KEY (source, what)
) WITHOUT ROWID;
CREATE TABLE night (
	as_of INTEGER PRIMARY KEY,
	created INTEGER, policy TEXT NOT NULL,
	report BLOB NOT NULL, verdicts BLOB NOT NULL -- zstd
);

CREATE VIEW issues AS SELECT tracker, id, key, project, type, status, category, priority, resolution, title, due,
	strftime('%Y-%m-%dT%H:%M:%SZ', created / 1000000000, 'unixepoch') AS created,
	strftime('%Y-%m-%dT%H:%M:%SZ', updated / 1000000000, 'unixepoch') AS updated,
	strftime('%Y-%m-%dT%H:%M:%SZ', closed / 1000000000, 'unixepoch') AS closed,
	strftime('%Y-%m-%dT%H:%M:%SZ', gone / 1000000000, 'unixepoch') AS gone
FROM issue;
CREATE VIEW pages AS SELECT tracker, id, number, title, service, urgency,
	strftime('%Y-%m-%dT%H:%M:%SZ', triggered / 1000000000, 'unixepoch') AS triggered,
	strftime('%Y-%m-%dT%H:%M:%SZ', acked / 1000000000, 'unixepoch') AS acked,
	strftime('%Y-%m-%dT%H:%M:%SZ', resolved / 1000000000, 'unixepoch') AS resolved
FROM page;
CREATE VIEW shifts AS SELECT tracker, id, rota, person, role,
	strftime('%Y-%m-%dT%H:%M:%SZ', start / 1000000000, 'unixepoch') AS start,
	strftime('%Y-%m-%dT%H:%M:%SZ', end / 1000000000, 'unixepoch') AS end
FROM shift;
CREATE VIEW runs AS SELECT source,
	strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000000000, 'unixepoch') AS started,
	strftime('%Y-%m-%dT%H:%M:%SZ', ended / 1000000000, 'unixepoch') AS ended,
	outcome, records
FROM run ORDER BY id;
`

// v2 came with live services. An issue that one list of a service has lost may still be on another, so
// the ledger knows of each list what is on it; and a doubt about an issue is of the list that raised it.
const v2 = `
CREATE TABLE delivered (
	source TEXT NOT NULL, stream TEXT NOT NULL, tracker TEXT NOT NULL, id TEXT NOT NULL,
	PRIMARY KEY (source, stream, tracker, id)
) WITHOUT ROWID;
CREATE INDEX delivered_issue ON delivered (tracker, id);
CREATE INDEX issue_key ON issue (key);

ALTER TABLE doubt ADD COLUMN stream TEXT NOT NULL DEFAULT '';
ALTER TABLE doubt ADD COLUMN issue TEXT; -- its id, or its key where it was never delivered; NULL where it is about none

ALTER TABLE run ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN requests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN waited INTEGER NOT NULL DEFAULT 0; -- nanoseconds
DROP VIEW runs;
CREATE VIEW runs AS SELECT source,
	strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000000000, 'unixepoch') AS started,
	strftime('%Y-%m-%dT%H:%M:%SZ', ended / 1000000000, 'unixepoch') AS ended,
	outcome, records, changes, requests, waited / 1000000000.0 AS waited_seconds
FROM run ORDER BY id;
`

// v3 finds single records: an issue by its key in any spelling, and the pages that may be about one
// (named.go). An index of pages by their numbers is made when one first needs it: see numbersSQL.
const v3 = `
DROP INDEX issue_key;
CREATE INDEX issue_key ON issue (key COLLATE NOCASE);
CREATE INDEX alias_key ON alias (key COLLATE NOCASE);
CREATE TABLE page_name (
	name TEXT NOT NULL, tracker TEXT NOT NULL, id TEXT NOT NULL,
	PRIMARY KEY (name, tracker, id)
) WITHOUT ROWID;
`

// v4 finds what issues tell of their tracker's releases without reading them (planned.go). Issues that tell the same
// lie side by side in the index, so that it is read once for all of them.
const v4 = `
ALTER TABLE issue ADD COLUMN releases TEXT;
ALTER TABLE issue ADD COLUMN releases_read INTEGER;
CREATE INDEX issue_releases ON issue (tracker, releases, releases_read DESC, created, gone) WHERE releases IS NOT NULL;
`

// migrate brings the database from version to the end of schema. Each step is a transaction together
// with the version it reaches, so an interrupted one is done again whole.
func migrate(ctx context.Context, conn *sql.Conn, version int, schema []string) error {
	if version == 0 {
		// Outside of any transaction, as SQLite wants it, and repeated harmlessly. Pages of 16 KiB hold
		// several issues each where the usual 4 KiB hold one and waste the rest.
		if _, err := conn.ExecContext(ctx, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL"); err != nil {
			return err
		}
	}
	for n := version; n < len(schema); n++ {
		if err := step(ctx, conn, n+1, schema[n]); err != nil {
			return fmt.Errorf("schema version %d: %w", n+1, err)
		}
	}
	return nil
}

func step(ctx context.Context, conn *sql.Conn, to int, statements string) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, statements); err != nil {
		return err
	}
	switch statements {
	case v3:
		err = namePages(ctx, tx)
	case v4:
		err = planIssues(ctx, tx)
	}
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, to)); err != nil {
		return err
	}
	return tx.Commit()
}

// namePages notes of the pages that are there already what v3 notes of those that come.
func namePages(ctx context.Context, tx *sql.Tx) error {
	names, err := tx.PrepareContext(ctx, nameSQL)
	if err != nil {
		return err
	}
	defer names.Close()
	numbers, err := tx.PrepareContext(ctx, numbersSQL)
	if err != nil {
		return err
	}
	defer numbers.Close()
	w := &writer{names: names, numbers: numbers}
	return eachStored(ctx, tx, &pageKind, "", func(_ int64, p *record.Page) error { return savePageNames(ctx, w, p) })
}

// planIssues notes of the issues that are there already what v4 notes of those that come.
func planIssues(ctx context.Context, tx *sql.Tx) error {
	put, err := tx.PrepareContext(ctx, "UPDATE issue SET releases = ?, releases_read = ? WHERE rowid = ?")
	if err != nil {
		return err
	}
	defer put.Close()
	// Bodies before version 5 tell of no releases.
	return eachStored(ctx, tx, &issueKind, "AND substr(body, 1, 1) >= x'05'", func(row int64, is *record.Issue) error {
		told, read := releasesOf(is)
		if told == nil {
			return nil
		}
		_, err := put.ExecContext(ctx, told, read, row)
		return err
	})
}

// eachStored does something about every record of a kind that is stored already. It reads some and then writes, as
// nothing can be written to a table while it is walked through.
func eachStored[T any](ctx context.Context, tx *sql.Tx, k *kind[T], but string, do func(row int64, r *T) error) error {
	query := fmt.Sprintf("SELECT rowid, body FROM %s WHERE rowid > ? %s ORDER BY rowid LIMIT 500", k.table, but)
	var d decoder
	for last := int64(0); ; {
		rows, err := tx.QueryContext(ctx, query, last)
		if err != nil {
			return err
		}
		type stored struct {
			row int64
			r   T
		}
		var some []stored
		n := 0
		for ; rows.Next(); n++ {
			var body []byte
			if err := rows.Scan(&last, &body); err != nil {
				return errors.Join(err, rows.Close())
			}
			if r, err := k.read(&d, body); err == nil { // one that cannot be read is told of wherever it is read
				some = append(some, stored{last, r})
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil || n == 0 {
			return err
		}
		for i := range some {
			if err := do(some[i].row, &some[i].r); err != nil {
				return err
			}
		}
	}
}
