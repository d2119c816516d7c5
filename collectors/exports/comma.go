package exports

// Commas before a closing bracket: no JSON, and yet what people's own scripts write and what some services
// document. A file that turns out not to be JSON is read once more without them, from its beginning but
// telling nothing twice; a file that is JSON never comes here.

import (
	"bufio"
	"errors"
	"io"
	"strconv"
)

// commaless is text without the commas before ] and }, but for those inside of strings. A comma may end up
// behind the blanks that follow it.
type commaless struct {
	from    io.Reader
	quoted  bool
	escaped bool
	comma   bool // one was read, and is not known to be needed
	dropped int
	out     []byte // not yet handed out
	buf     []byte // that out is in
	err     error
}

func (c *commaless) Read(p []byte) (int, error) {
	for len(c.out) == 0 && c.err == nil && len(p) > 0 {
		var n int
		if c.buf == nil {
			c.buf = make([]byte, 0, 8<<10)
		}
		n, c.err = c.from.Read(p)
		c.buf = c.buf[:0]
		for _, b := range p[:n] {
			c.buf = c.add(c.buf, b)
		}
		if c.err != nil && c.comma {
			c.buf, c.comma = append(c.buf, ','), false
		}
		c.out = c.buf
	}
	if len(c.out) == 0 {
		return 0, c.err
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

func (c *commaless) add(out []byte, b byte) []byte {
	switch {
	case c.quoted:
		c.quoted = c.escaped || b != '"'
		c.escaped = !c.escaped && b == '\\'
		return append(out, b)
	case b == ' ' || b == '\t' || b == '\r' || b == '\n':
		return append(out, b)
	case c.comma && (b == ']' || b == '}'):
		c.dropped++
	case c.comma:
		out = append(out, ',')
	}
	c.comma = b == ','
	c.quoted = b == '"'
	if c.comma {
		return out
	}
	return append(out, b)
}

// withoutCommas is a line without them, and how many there were.
func withoutCommas(line []byte) ([]byte, int) {
	c := commaless{}
	out := make([]byte, 0, len(line))
	for _, b := range line {
		out = c.add(out, b)
	}
	if c.comma {
		out = append(out, ',')
	}
	return out, c.dropped
}

// again opens the file once more, without the commas, and says whether there is anything to be gained.
func (s *scanner) again(err error) bool {
	if s.mended != nil || s.f.run.stopped() || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errLong) || s.f.utf8.err != nil && s.f.utf8.err != io.EOF {
		return false
	}
	if s.f.src.file != nil {
		s.f.src.file.Close()
	}
	path := s.f.format
	if s.f.open(); s.f.format != path {
		return false
	}
	s.mended = &commaless{from: s.f.in}
	s.f.in = bufio.NewReaderSize(s.mended, 64<<10)
	s.known, s.knownPages = s.n, s.pages
	s.n, s.pages = 0, 0
	return true
}

// sayMended says what was passed over.
func (s *scanner) sayMended() {
	if s.mended != nil && s.mended.dropped > 0 {
		s.f.Doubt(Value{n: s.known + 1}.Place(), "the JSON has %s before a closing bracket, from here on; passed over", commas(s.mended.dropped))
	}
}

func commas(n int) string {
	if n == 1 {
		return "a comma"
	}
	return strconv.Itoa(n) + " commas"
}
