package exports

// What the cursor remembers: which files were read to their end, and in which state.

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/firebreak/firebreak/collectors/record"
)

// cursor is the record.Cursor of a set, as JSON. The horizon is in it because a night on which no file
// has changed still has to say how far its source speaks for.
type cursor struct {
	Options string             `json:"options"`
	Horizon record.Instant     `json:"horizon"`
	Files   map[string]string  `json:"files"`            // path → size and modification time
	Pieces  map[string][]Piece `json:"pieces,omitempty"` // path → what it holds of lists that are told in pieces

	Shifts map[string][]record.Shift `json:"shifts,omitempty"` // path → what it told so far; see [File.Rota]
}

// load reads what save wrote. Anything else, and a cursor of other options, is the beginning: reading
// a file twice costs time and changes nothing. What its rotas told before they told nevertheless.
func (c *cursor) load(from record.Cursor, options string) {
	var old cursor
	if json.Unmarshal([]byte(from), &old) == nil {
		if old.Options != digest(options) {
			old = cursor{Shifts: old.Shifts}
		}
		*c = old
	}
	if c.Files == nil {
		c.Files = map[string]string{}
	}
}

func (c *cursor) save(options string) record.Cursor {
	c.Options = digest(options)
	b, err := json.Marshal(c) // maps are written in the order of their keys
	if err != nil {
		return ""
	}
	return record.Cursor(b)
}

// keep forgets files that are no longer there, so that one that comes back is read.
func (c *cursor) keep(files []path) {
	there := make(map[string]bool, len(files))
	for _, f := range files {
		there[f.full] = true
	}
	for k := range c.Files {
		if !there[k] {
			delete(c.Files, k)
		}
	}
	for k := range c.Pieces {
		if !there[k] {
			delete(c.Pieces, k)
		}
	}
	for k := range c.Shifts {
		if !there[k] {
			delete(c.Shifts, k)
		}
	}
}

func (c *cursor) knows(f path) bool { return f.state != "" && c.Files[f.full] == f.state }

func (c *cursor) add(f path) {
	if f.state != "" {
		c.Files[f.full] = f.state
	}
}

func digest(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:8])
}
