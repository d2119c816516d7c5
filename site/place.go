package site

// Places: where each entry lives. They are permanent: people link to them from tickets and chats, so
// a place follows from ids alone and never from titles or order.

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/firebreak/firebreak/analysis"
)

const (
	homePlace         = "index.html"
	metricsPlace      = "metrics/index.html"
	itemsPlace        = "items/index.html"
	incidentsPlace    = "incidents/index.html"
	postmortemsPlace  = "postmortems/index.html"
	improvementsPlace = "improvements/index.html"
	policiesPlace     = "policies/index.html"
	playbookPlace     = "playbook/index.html"
	sourcesPlace      = "sources/index.html"
	definitionsPlace  = "definitions/index.html"
	classesPlace      = "classes/index.html"
)

func metricPlace(name string) string      { return "metrics/" + segment(name) + "/index.html" }
func classPlace(c *analysis.Class) string { return "classes/" + segment(c.ClassID()) + "/index.html" }
func postmortemPlace(id string) string    { return "postmortems/" + segment(id) + "/index.html" }

// itemPlace is the place of the entry of the item with this key.
func itemPlace(tracker, key string) string {
	return "items/" + segment(tracker) + "/" + segment(key) + "/index.html"
}

func incidentPlace(key string) string { return "incidents/" + segment(key) + "/index.html" }

// Longest is how long a segment may get before it is cut and marked with a hash of the whole: file
// systems end at 255 bytes.
const longest = 180

// segment writes an id as one folder name, different ids as different names: letters, digits, - _ and
// dots inside stay, / becomes ~ and # becomes @ (acme/orders#12 lives in acme~orders@12), every other
// byte becomes = and two hex digits.
func segment(id string) string {
	if plain(id) {
		return id
	}
	var b strings.Builder
	for i := 0; i < len(id); i++ {
		c := id[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_',
			c == '.' && 0 < i && i < len(id)-1:
			b.WriteByte(c)
		case c == '/':
			b.WriteByte('~')
		case c == '#':
			b.WriteByte('@')
		default:
			const digits = "0123456789ABCDEF"
			b.WriteByte('=')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	s := b.String()
	if s == "" {
		return "=" // no id at all: = is otherwise followed by digits
	}
	if len(s) > longest {
		sum := sha256.Sum256([]byte(id))
		s = s[:longest-40] + "==" + hex.EncodeToString(sum[:16])
	}
	return s
}

// plain says whether id is its own segment, which nearly all keys are.
func plain(id string) bool {
	if id == "" || len(id) > longest || id[0] == '.' || id[len(id)-1] == '.' {
		return false
	}
	for i := 0; i < len(id); i++ {
		c := id[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// root is the way from a place to the wiki's root: "../../" from metrics/x/index.html.
func root(place string) string {
	const ups = "../../../../../../../../"
	n := 3 * strings.Count(place, "/")
	if n <= len(ups) {
		return ups[:n]
	}
	return strings.Repeat("../", n/3)
}
