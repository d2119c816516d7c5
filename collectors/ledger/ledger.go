// Opening and closing: what makes a file a ledger, and who may write it.

// Package ledger keeps every record that was ever brought home, in one SQLite file that any SQLite
// tool can read.
//
// Its words: a batch is what [Ledger.Save] makes true at once, records and cursor together; a run is
// one visit to one source; a gap stands until a later run of that source gets to its end; a stream is
// one list of a live service, which delivers issues and may lose them; a night is one report, kept so
// that later ones can say what changed.
//
// Its one rule: what was saved is there, whatever happens next. A batch is one transaction together
// with the cursor it reaches, in write-ahead mode, so a process killed at any moment leaves the last
// whole batch and the cursor that belongs to it. (A machine that loses power may lose the last few
// batches, together with their cursors: they are fetched again.) After a crash the newest records are
// in the file beside it that ends in -wal: copy both, or open the ledger once with firebreak. The empty
// file beside it that ends in .lock keeps a second firebreak out and may be deleted when none runs.
//
// # Schema
//
// Times are integers, nanoseconds since 1970 UTC, NULL where there is none. The views issues, pages,
// shifts and runs show them as text and leave the bodies out: they are what to query by hand.
//
//	issue      a row per issue: tracker, id, key, project, type, status, category (todo, doing, done),
//	           priority, resolution, title, due, created, updated, closed, gone; body; releases (JSON: what it
//	           tells of its tracker's releases) and releases_read
//	alias      keys that an issue had before
//	page       a row per page: tracker, id, number, title, service, urgency, triggered, acked, resolved; body
//	shift      a row per shift: tracker, id, rota, person, role, start, end; body
//	page_name  what pages may name of issues: words of their titles and fields
//	status     every status that an issue had or passed through
//	source     cursor and horizon
//	delivered  which issues each stream of a live source has delivered and not lost since
//	run        when each source was read, how that ended, and what it cost
//	tally      what became of the records of each part (file, endpoint) of a source
//	doubt      what was read and cannot be quite believed
//	gap        what could not be read
//	night      one row per as-of instant: the policy's hash, figures and verdicts. Of the last 40 days
//	           every night is kept, up to two years back the first of each ISO week, and before that
//	           the first of each month (UTC)
//
// What is removed makes room in the file for what comes; the file does not shrink (VACUUM shrinks it).
//
// The columns are for people and their tools; firebreak itself reads the body, which holds the whole
// record (blob.go), but for what issues tell of releases (planned.go). PRAGMA user_version is the version of this schema (schema.go), and application_id
// says that the file is a ledger.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Ledger is an open ledger. It is safe for use by several goroutines: saving is one at a time, and
// reading goes on beside it, each walk seeing the ledger as it was when the walk began.
type Ledger struct {
	path string
	db   *sql.DB // readers
	lock *sql.DB // holds the lock that keeps a second firebreak out
	was  int     // the version of its schema when it was opened; 0 of a new one

	mu sync.Mutex // one writer
	w  *writer
}

// Open opens the ledger at path, making it, and the folders above it, where there is none, and
// bringing an older one up to the present schema. It refuses, without touching it, a file that is not
// a ledger, one of a newer schema than it knows, and one that another firebreak has open. The caller
// closes it.
func Open(ctx context.Context, path string) (*Ledger, error) {
	return open(ctx, path, migrations)
}

func open(ctx context.Context, path string, schema []string) (_ *Ledger, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, fmt.Errorf("ledger %s: %w", path, err)
	}
	l := &Ledger{path: path}
	defer func() {
		if err != nil {
			l.Close()
		}
	}()
	if l.db, err = connect(path, 5*time.Second); err != nil {
		return nil, l.fail("open", err)
	}
	// Looked at once before the lock, so that a file which is refused gets none beside it, and once
	// with it, when nobody else can change what was seen.
	if _, err := l.inspect(ctx, len(schema)); err != nil {
		return nil, err
	}
	if err := l.takeLock(ctx); err != nil {
		return nil, err
	}
	version, err := l.inspect(ctx, len(schema))
	if err != nil {
		return nil, err
	}
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return nil, l.fail("open", err)
	}
	l.was = version
	if err := migrate(ctx, conn, version, schema); err != nil {
		conn.Close()
		return nil, l.fail("bring up to date", err)
	}
	if l.w, err = newWriter(ctx, conn); err != nil {
		conn.Close()
		return nil, l.fail("open", err)
	}
	return l, nil
}

// BroughtUp says from which version of the schema to which opening the ledger has brought it, if from an older one.
func (l *Ledger) BroughtUp() (from, to int, did bool) {
	return l.was, len(migrations), l.was > 0 && l.was < len(migrations)
}

// OpenToRead opens the ledger at path for nothing but reading, beside another firebreak that may be saving to
// it. It makes none: where there is no file, the error is fs.ErrNotExist. One of an older schema is brought up
// to date first, and for that nobody else may have it open.
func OpenToRead(ctx context.Context, path string) (*Ledger, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	db, err := connect(path, 5*time.Second)
	if err != nil {
		return nil, fmt.Errorf("ledger %s: open: %w", path, err)
	}
	l := &Ledger{path: path, db: db}
	version, err := l.inspect(ctx, len(migrations))
	if err == nil && version == len(migrations) {
		l.was = version
		return l, nil
	}
	l.Close()
	if err != nil {
		return nil, err
	}
	return Open(ctx, path)
}

// connect prepares connections to the database at path, which wait that long for a lock that somebody
// else holds. None is made yet.
func connect(path string, wait time.Duration) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	abs = filepath.ToSlash(abs)
	if !strings.HasPrefix(abs, "/") {
		abs = "/" + abs // a Windows drive
	}
	// synchronous NORMAL: in write-ahead mode a killed process loses nothing, and only a checkpoint
	// waits for the disk.
	u := url.URL{Scheme: "file", Path: abs, RawQuery: url.Values{
		"_pragma": {fmt.Sprintf("busy_timeout(%d)", wait.Milliseconds()), "synchronous(NORMAL)", "cache_size(-4000)", "temp_store(MEMORY)"},
		"_txlock": {"immediate"},
	}.Encode()}
	return sql.Open("sqlite", u.String())
}

// takeLock keeps a second firebreak out. The ledger itself cannot be what is locked, since people may
// look into it at any time with their own tools; so an empty database beside it is. The operating
// system drops the lock with the process, however that ends.
func (l *Ledger) takeLock(ctx context.Context) error {
	beside := l.path + ".lock"
	db, err := connect(beside, time.Second)
	if err != nil {
		return l.fail("lock", err)
	}
	db.SetMaxOpenConns(1)
	l.lock = db
	_, err = db.ExecContext(ctx, "BEGIN EXCLUSIVE")
	if code(err) == sqlite3.SQLITE_BUSY {
		return fmt.Errorf("ledger %s: another firebreak is using it (it holds %s); wait until that one ends, or end it", l.path, beside)
	}
	if err != nil {
		return l.fail("lock "+beside, err)
	}
	return nil
}

// applicationID is what PRAGMA application_id says of a ledger: "fire".
const applicationID = 0x66697265

// inspect looks at what the file is, without writing to it, and gives its schema version, 0 for a new
// and empty one.
func (l *Ledger) inspect(ctx context.Context, known int) (version int, err error) {
	var app, tables int
	err = l.db.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`).Scan(&app, &version, &tables)
	if code(err) == sqlite3.SQLITE_NOTADB {
		return 0, fmt.Errorf("ledger %s: this file is not a ledger, nor any SQLite database; give another path, or move the file away", l.path)
	}
	switch {
	case err != nil:
		return 0, l.fail("open", err)
	case app == applicationID && version > known:
		return 0, fmt.Errorf("ledger %s: it was written by a newer firebreak (its schema is version %d, this program knows up to %d); use that newer firebreak, or give another path to start a new ledger",
			l.path, version, known)
	case app == applicationID, app == 0 && version == 0 && tables == 0:
		return version, nil
	}
	return 0, fmt.Errorf("ledger %s: this is an SQLite database of another program, not a ledger; give another path", l.path)
}

// Close closes the ledger, folding what is beside it into the one file.
func (l *Ledger) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	if l.w != nil {
		errs = append(errs, l.w.close())
		l.w = nil
	}
	for _, db := range []*sql.DB{l.db, l.lock} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return l.fail("close", err)
	}
	return nil
}

// code is the primary result code of an SQLite error, 0 for any other.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

// fail says what was being done to which ledger, and what to do about it where SQLite's own words do
// not.
func (l *Ledger) fail(doing string, err error) error {
	var advice string
	switch code(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		advice = "; the file is damaged: put back a copy of it, or move it away and collect everything again"
	case sqlite3.SQLITE_FULL:
		advice = "; free some disk space and run again: what was saved so far is safe"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		advice = "; see that the file and its folder can be written by this user"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		advice = "; another program holds the ledger: close it there and run again"
	}
	return fmt.Errorf("ledger %s: %s: %w%s", l.path, doing, err, advice)
}
