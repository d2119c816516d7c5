package exports

// Texts in memory: what a live service answers is what people save as its export.

import (
	"bytes"
	"context"
	"io/fs"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Read has read called for a text that is in memory, and returns what it hands over. Doubts and gaps call
// the text by its name. It ends early where ctx does.
func (s Set) Read(ctx context.Context, name string, text []byte, read func(*File)) record.Batch {
	var all record.Batch
	r := &run{set: &s, ctx: ctx, small: min(len(text)+4<<10, sniff), yield: func(b record.Batch, _ error) bool {
		all.Issues = append(all.Issues, b.Issues...)
		all.Pages = append(all.Pages, b.Pages...)
		all.Shifts = append(all.Shifts, b.Shifts...)
		all.Doubts = append(all.Doubts, b.Doubts...)
		all.Gaps = append(all.Gaps, b.Gaps...)
		all.Tallies = append(all.Tallies, b.Tallies...)
		all.Horizon = b.Horizon
		return true
	}}
	r.file(path{fsys: memory(text), name: name, show: name, size: int64(len(text)), named: true}, read)
	r.flush()
	return all
}

// memory is a file system of one file, whatever it is called.
type memory []byte

func (m memory) Open(name string) (fs.File, error) { return &open{bytes.NewReader(m), name}, nil }

type open struct {
	*bytes.Reader
	name string
}

func (o *open) Stat() (fs.FileInfo, error) { return o, nil }
func (o *open) Close() error               { return nil }
func (o *open) Name() string               { return o.name }
func (o *open) Mode() fs.FileMode          { return 0o444 }
func (o *open) ModTime() time.Time         { return time.Time{} }
func (o *open) IsDir() bool                { return false }
func (o *open) Sys() any                   { return nil }
