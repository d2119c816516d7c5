package exports

// Lists in pieces: a service answers a long list page by page, and people save one answer, all of them in a
// file, or each in a file of its own. What a file lacks is missing only where no other file holds it, and that
// is known when all files are, those of earlier nights included.

import "fmt"

// Piece is what one file holds of such a list, as its answers say: how many records the list has, or where it
// goes on.
type Piece struct {
	List  string `json:"list"`            // what its records are, for people: "PagerDuty incidents"; pieces of one list complete each other
	Of    string `json:"of,omitempty"`    // what else tells this list from others, such as its period
	Read  int    `json:"read,omitempty"`  // how many records of it the file holds
	Total int    `json:"total,omitempty"` // how many there are; 0 is not told
	From  string `json:"from,omitempty"`  // where the piece begins; "" is not told
	Next  string `json:"next,omitempty"`  // where the list goes on; "" where it ends
}

// Piece says that the file holds a piece of a list. What no file of the set holds of it becomes a gap.
func (f *File) Piece(p Piece) { f.pieces = append(f.pieces, p) }

// incomplete are the gaps in the lists that the files hold together.
func (r *run) incomplete(files []path) {
	type list struct {
		list, of string
		total    int
	}
	read := map[list]int{}
	holders := map[list]int{}
	for _, f := range files {
		for _, p := range r.cursor.Pieces[f.full] {
			l := list{p.List, p.Of, p.Total}
			read[l] += p.Read
			holders[l]++
		}
	}
	for _, f := range files {
		for _, p := range r.cursor.Pieces[f.full] {
			l := list{p.List, p.Of, p.Total}
			switch missing := p.Total - read[l]; {
			case p.Total > 0 && missing > 0 && holders[l] > 0:
				others := ""
				if n := holders[l] - 1; n > 0 {
					others = fmt.Sprintf(" and %d others", n)
				}
				r.gap(fmt.Sprintf("%d of the %d %s in %s%s", missing, p.Total, p.List, f.show, others),
					"no file holds the other pages of the service's list; export them, too")
				holders[l] = 0 // a gap for each list, not for each piece
			case p.Total == 0 && p.Next != "" && !r.follows(files, f, p):
				r.gap("further "+p.List+" in "+f.show, "its last answer says that there are more, and no file holds the next one; ask for the next answers, too, and put them beside it")
			}
		}
	}
}

// follows says whether a file holds what comes after a piece: the answer that begins where it goes on, or, where
// the answers don't tell where they begin, the one that ends the list.
func (r *run) follows(files []path, f path, p Piece) bool {
	for _, other := range files {
		if other.full == f.full {
			continue
		}
		for _, o := range r.cursor.Pieces[other.full] {
			if o.List == p.List && o.Of == p.Of && (o.From == p.Next || o.From == "" && o.Next == "") {
				return true
			}
		}
	}
	return false
}

// keepPieces remembers what a file holds of lists.
func (c *cursor) keepPieces(p path, pieces []Piece) {
	delete(c.Pieces, p.full)
	if len(pieces) > 0 {
		if c.Pieces == nil {
			c.Pieces = map[string][]Piece{}
		}
		c.Pieces[p.full] = pieces
	}
}
