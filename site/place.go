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
	onCallPlace       = "oncall/index.html"
	weekNowPlace      = "week/index.html"
	molesPlace        = "moles/index.html"
	patternsPlace     = "patterns/index.html"
	beforeAfterPlace  = "before-after/index.html"
	changesPlace      = "changes/index.html"
)

func metricPlace(name string) string      { return "metrics/" + segment(name) + "/index.html" }
func classPlace(c *analysis.Class) string { return "classes/" + segment(c.ClassID()) + "/index.html" }
func postmortemPlace(id string) string    { return "postmortems/" + segment(id) + "/index.html" }

// itemPlace is the place of the entry of the item with this key.
func itemPlace(tracker, key string) string {
	return "items/" + segment(tracker) + "/" + segment(key) + "/index.html"
}

// weekPlace is the place of the entry of a week: 2026-W44.
func weekPlace(week string) string { return "weeks/" + segment(week) + "/index.html" }

func incidentPlace(key string) string { return "incidents/" + segment(key) + "/index.html" }

// A segment longer than longest is cut to the length of kept and marked with a hash of the whole: on
// some systems a name ends at 255 bytes, on others the whole path at 260.
const longest, kept = 100, 60

// segment writes an id as one folder name, different ids as different names: letters, digits, - _ and
// dots inside stay, / becomes ~ and # becomes @ (acme/orders#12 lives in acme~orders@12), every other
// byte becomes = and two hex digits; so does the first byte of a name that Windows keeps for itself.
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
			if i == 0 && device(id) {
				escape(&b, c)
				continue
			}
			b.WriteByte(c)
		case c == '/':
			b.WriteByte('~')
		case c == '#':
			b.WriteByte('@')
		default:
			escape(&b, c)
		}
	}
	s := b.String()
	if s == "" {
		return "=" // no id at all: = is otherwise followed by digits
	}
	if len(s) > longest {
		sum := sha256.Sum256([]byte(id))
		s = s[:kept] + "==" + hex.EncodeToString(sum[:16])
	}
	return s
}

func escape(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('=')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}

// device says whether Windows takes a name for a device, in any case and with any ending (Microsoft,
// Naming Files, Paths, and Namespaces).
func device(name string) bool {
	name, _, _ = strings.Cut(name, ".")
	switch len(name) {
	case 3:
		switch strings.ToUpper(name) {
		case "CON", "PRN", "AUX", "NUL":
			return true
		}
	case 4:
		port := strings.ToUpper(name[:3])
		return (port == "COM" || port == "LPT") && '0' <= name[3] && name[3] <= '9'
	}
	return false
}

// crowded is a place beside one that another item has: for a system on which H-1 and h-1 are one
// folder, it differs from all others in more than case.
func crowded(it *analysis.Item, section ...string) string {
	sum := sha256.Sum256([]byte(it.Ref.String() + "\n" + it.Key))
	return strings.Join(section, "/") + "/" + segment(it.Key) + "=~" + hex.EncodeToString(sum[:6]) + "/index.html"
}

// plain says whether id is its own segment, which nearly all keys are.
func plain(id string) bool {
	if id == "" || len(id) > longest || id[0] == '.' || id[len(id)-1] == '.' || device(id) {
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
