package exports

// Records without an end: a quote that is never closed, or a string of gigabytes in a small archive. A record is
// held in memory, so that there is a length beyond which it is none.

import (
	"errors"
	"io"
)

// recordLimit is how long a record may be, and a text that is read whole.
const recordLimit = 64 << 20

var errLong = errors.New("a record is longer than 64 MB; export it again, or leave it out")

// bound reads no more than recordLimit since the last record began.
type bound struct {
	from io.Reader
	read int
}

func (b *bound) Read(p []byte) (int, error) {
	if b.read > recordLimit {
		return 0, errLong
	}
	n, err := b.from.Read(p[:min(len(p), recordLimit+1-b.read)])
	b.read += n
	return n, err
}

// begin says that a record begins.
func (b *bound) begin() { b.read = 0 }
