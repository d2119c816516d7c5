package strict_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/strict"
)

func TestAPlaceInsideAValueIsItsPlaceInTheFile(t *testing.T) {
	for _, x := range []struct{ name, text, find string }{
		{"plain", "when: type == Bug # no\n", "B"},
		{"plain over lines", "when: type ==\n   Bug\n", "B"},
		{"single quotes", "when: 'a ''b'' == B'\n", "B"},
		{"double quotes", `when: "a\n\"x\" == \x41B"`, "B"},
		{"double quotes over lines", "when: \"a \\\n   ==\n   B\"\n", "B"},
		{"literal", "when: |\n   a ==\n     B\n", "B"},
		{"folded", "when: >-\n   a\n\n   ==\n   B\n", "B"},
		{"anchor and tag", "when: &r !!str 'a == B'\n", "B"},
		{"windows line ends", "when: |\r\n   a ==\r\n   B\r\n", "B"},
		{"behind a byte order mark", "\ufeffwhen: a == B\n", "B"},
		{"in a flow map", "x: {when: 'ä == B'}\n", "B"},
	} {
		t.Run(x.name, func(t *testing.T) {
			d := strict.Read("f", []byte(x.text))
			m := d.Map()
			if m.Has("x") {
				m = m.Get("x").Map()
			}
			n := m.Get("when")
			i := strings.Index(n.Raw(), x.find)
			n.ComplainAt(len([]rune(n.Raw()[:i])), "here")
			c := d.Complaints()[0]
			line := []rune(strings.Split(strings.TrimPrefix(x.text, "\ufeff"), "\n")[c.Line-1])
			if c.Col > len(line) || string(line[c.Col-1]) != x.find {
				t.Errorf("%v points into %q", c, string(line))
			}
		})
	}
}

func TestEveryCharacterOfAValueIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[a-zé=.<]([a-zé"'=.<> ]{0,30}[a-zé"'=.<>])?`).Draw(t, "value")
		style := rapid.IntRange(0, 3).Draw(t, "style")
		indent := rapid.IntRange(1, 5).Draw(t, "indent")
		var text string
		switch style {
		case 0:
			text = "k: '" + strings.ReplaceAll(value, "'", "''") + "'\n"
		case 1:
			text = fmt.Sprintf("k: \"%s\"\n", strings.NewReplacer(`"`, `\"`, `é`, `\u00e9`).Replace(value))
		case 2:
			text = "k: |-\n" + strings.Repeat(" ", indent) + value + "\n"
		case 3: // broken at every blank
			text = "k: >-\n" + strings.Repeat(" ", indent) + strings.Join(strings.Fields(value), "\n"+strings.Repeat(" ", indent)) + "\n"
		}
		d := strict.Read("f", []byte(text))
		n := d.Map().Get("k")
		runes := []rune(n.Raw())
		i := rapid.IntRange(0, len(runes)-1).Draw(t, "character")
		if unicode.IsSpace(runes[i]) {
			return
		}
		n.ComplainAt(i, "here")
		c := d.Complaints()[0]
		rest := string([]rune(strings.Split(text, "\n")[c.Line-1])[c.Col-1:])
		ok := strings.HasPrefix(rest, string(runes[i]))
		ok = ok || style == 1 && (strings.HasPrefix(rest, `\"`) && runes[i] == '"' || strings.HasPrefix(rest, `\u00e9`) && runes[i] == 'é')
		if !ok {
			t.Fatalf("%v of %q in %q points at %q", c, string(runes[i]), text, rest)
		}
	})
}

func FuzzReadingNeverFailsAndPlacesAreInTheFile(f *testing.F) {
	for _, s := range []string{
		"", "a: b", "a: [x, {b: 'c''d', e: \"f\\n\\x41\"}]\n", "a: &x\n  b: |\n    c\n    d\nc: *x\n", "? [a]\n: b\n", "- >+\n  x\n\n- !!binary aGk=\n",
		bomb(), "a: &a [*a]", "a: 1\n---\nb\n...\n", "\ufeffa: 1", "%YAML 1.2\n---\na: 1\n", "a: 2026-07-06..2026-07-17\nb: 09:00-17:30\nc: 95%\n", "<<: {a: b}\n*x : y\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d := strict.Read("f", text)
		if d.Readable() == (len(d.Complaints()) > 0) && !d.Readable() {
			t.Fatal("nothing to read, and nothing said")
		}
		left := 5000
		var walk func(n strict.Node, deep int)
		walk = func(n strict.Node, deep int) {
			if left--; left < 0 || deep > 50 {
				return
			}
			switch {
			case n.IsMap():
				m := n.Map()
				m.Need("name").Text()
				for _, x := range m.Each() {
					walk(x, deep+1)
				}
			case n.IsList():
				for _, x := range n.List() {
					walk(x, deep+1)
				}
			default:
				n.Text()
				n.Int(0, 9)
				n.Number(0, 9)
				n.Bool()
				n.Share()
				n.Duration()
				n.Clock()
				n.Clocks()
				n.Date()
				n.Dates()
				n.OneOf("a", "b")
				n.ID()
				n.ComplainAt(len(n.Raw())/2, "half")
			}
		}
		walk(d.Node(), 0)
		lines := strings.Count(string(text), "\n") + strings.Count(string(text), "\r") + strings.Count(string(text), "\u0085") + strings.Count(string(text), "\u2028") + strings.Count(string(text), "\u2029") + 2
		for _, c := range d.Complaints() {
			if c.Line < 0 || c.Line > lines || c.Col < 0 || c.What == "" {
				t.Fatalf("%+v of %d lines", c, lines)
			}
		}
	})
}
