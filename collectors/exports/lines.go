package exports

// JSON Lines: a value a line, so that what is bad costs a line.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// lined says whether the text is JSON Lines: an object on the first line, which may be damaged, and the
// beginning of another one on the next. A page in one long line isn't, nor is one that was broken into
// lines, whose first line ends where something else must follow.
func lined(in *bufio.Reader) bool {
	for size := 4 << 10; ; size = min(size*4, sniff) {
		head, err := in.Peek(size)
		head = bytes.TrimLeft(head, " \t\r\n")
		first, after, found := bytes.Cut(head, []byte("\n"))
		after = bytes.TrimLeft(after, " \t\r\n")
		if found && len(after) > 0 {
			first = bytes.TrimSpace(first)
			return after[0] == '{' && first[0] == '{' && !bytes.ContainsAny(first[len(first)-1:], "[{,:")
		}
		if err != nil || size == sniff {
			return false
		}
	}
}

// lines walks over JSON Lines.
func (s *scanner) lines() {
	var long []byte
	tooLong := false // what is read is the rest of a line that is
	options := validity()
	d := jsontext.NewDecoder(bytes.NewBuffer(nil), options...)
	for {
		line, err := s.f.in.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			if tooLong = tooLong || len(long)+len(line) > recordLimit; !tooLong {
				long = append(long, line...)
			}
			continue
		}
		if tooLong {
			line, long, tooLong = nil, nil, false
			s.n++
			s.f.Left("unreadable")
			s.f.Doubt(strconv.Itoa(s.line+1), "left out: %s", errLong)
		}
		if len(long) > 0 {
			long = append(long, line...)
			line = long
			long = long[:0]
		}
		s.line++
		if s.f.run.stopped() {
			return
		}
		cut := err != nil && err != io.EOF
		if len(bytes.TrimSpace(line)) > 0 {
			d.Reset(bytes.NewBuffer(line), options...)
			mended := false
			for told, read := 0, 0; ; {
				v, verr := d.ReadValue()
				if verr == io.EOF {
					break
				}
				if verr != nil && !mended && !errors.Is(verr, io.ErrUnexpectedEOF) {
					if whole, n := withoutCommas(line); n > 0 {
						mended, told, read = true, read, 0
						d.Reset(bytes.NewBuffer(whole), options...)
						s.f.Doubt(strconv.Itoa(s.line), "the JSON of the line has %s before a closing bracket; passed over", commas(n))
						continue
					}
				}
				if verr == nil {
					if read++; read <= told {
						continue
					}
				}
				if verr != nil {
					s.n++
					s.f.Left("unreadable")
					cut = cut || err == io.EOF && errors.Is(verr, io.ErrUnexpectedEOF)
					s.f.Doubt(strconv.Itoa(s.line), "left out: the line is not JSON: %s", syntax(verr))
					break
				}
				if !s.object(v, "") {
					return
				}
			}
		}
		if cut {
			s.f.Gap(fmt.Sprintf("whatever follows line %d", s.line), s.f.trouble(io.ErrUnexpectedEOF))
		}
		if err != nil {
			return
		}
	}
}
