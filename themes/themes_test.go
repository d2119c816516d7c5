package themes

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := fs.ReadFile(Firehouse(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhatIsShippedIsWhatWasBuilt(t *testing.T) {
	sums := map[string]string{}
	for s := bufio.NewScanner(strings.NewReader(read(t, "static/vendor/SHA256SUMS"))); s.Scan(); {
		sum, name, _ := strings.Cut(s.Text(), "  ")
		sums[name] = sum
	}
	entries, err := fs.ReadDir(Firehouse(), "static/vendor")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == "SHA256SUMS" {
			continue
		}
		sum := sha256.Sum256([]byte(read(t, "static/vendor/"+e.Name())))
		if got := hex.EncodeToString(sum[:]); sums[e.Name()] != got {
			t.Errorf("%s is not what bundle/build.mjs wrote: %s", e.Name(), got)
		}
		delete(sums, e.Name())
	}
	for name := range sums {
		t.Errorf("%s is missing", name)
	}
}

// coloursOf are the variables of one block of the style sheet.
func coloursOf(t *testing.T, css, open string) map[string]string {
	t.Helper()
	i := strings.Index(css, open)
	if i < 0 {
		t.Fatalf("the style sheet has no %s", open)
	}
	end := i + strings.Index(css[i:], "}")
	m := map[string]string{}
	for _, v := range regexp.MustCompile(`--([a-z0-9-]+):\s*([^;]+);`).FindAllStringSubmatch(css[i:end], -1) {
		m[v[1]] = v[2]
	}
	return m
}

// Every slot that package chart can name has a colour in the light and in the dark; and the two places
// that say what dark is say the same.
func TestEverySlotHasItsColours(t *testing.T) {
	css := read(t, "static/style.css")
	light, dark, system := coloursOf(t, css, ":root {"), coloursOf(t, css, `:root[data-theme="dark"] {`), coloursOf(t, css, `:root:not([data-theme="light"]) {`)
	for _, slot := range regexp.MustCompile(`\.slot-([a-z0-9-]+) \{ --c: var\(--([a-z0-9-]+)\)`).FindAllStringSubmatch(css, -1) {
		if slot[1] != slot[2] || light[slot[1]] == "" || dark[slot[1]] == "" {
			t.Errorf("slot %s has no colour of its own in the light and in the dark", slot[1])
		}
	}
	for name, colour := range dark {
		if system[name] != colour {
			t.Errorf("--%s is %s by choice and %s by the system", name, colour, system[name])
		}
	}
	if len(dark) != len(system) {
		t.Errorf("%d colours by choice, %d by the system", len(dark), len(system))
	}
	for _, group := range []string{"class", "sev", "waiting", "active", "paused", "done", "plain"} {
		for _, n := range "12345678" {
			if !strings.Contains(css, ".slot-"+group+"-"+string(n)+" ") {
				t.Errorf("no .slot-%s-%c", group, n)
			}
		}
	}
}

// A line is thin: each of its colours stands out from the paper by three to one at least, as WCAG 2.1
// (1.4.11) asks of graphics.
func TestLinesStandOutFromThePaper(t *testing.T) {
	css := read(t, "static/style.css")
	for _, open := range []string{":root {", `:root[data-theme="dark"] {`} {
		colours := coloursOf(t, css, open)
		for name, colour := range colours {
			if !strings.HasPrefix(name, "plain-") {
				continue
			}
			if got := contrast(t, colours["paper"], colour); got < 3 {
				t.Errorf("%s --%s is %s: %.2f to 1 on %s", open, name, colour, got, colours["paper"])
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	light := func(colour string) float64 {
		var c [3]uint8
		if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil {
			t.Fatalf("%q: %v", colour, err)
		}
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			v := float64(c[i]) / 255
			if v <= 0.03928 {
				sum += weight * v / 12.92
			} else {
				sum += weight * math.Pow((v+0.055)/1.055, 2.4)
			}
		}
		return sum
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// What the policy in the shell's head refuses must not be in the theme at all.
func TestTheThemeAsksNoOtherHost(t *testing.T) {
	shell := read(t, "layouts/shell.html")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"} {
		if !strings.Contains(shell, want) {
			t.Errorf("the shell's policy lost %s", want)
		}
	}
	err := fs.WalkDir(Firehouse(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "static/vendor/") {
			return err
		}
		text := read(t, name)
		if strings.HasSuffix(name, ".svg") {
			text = strings.ReplaceAll(text, "http://www.w3.org/2000/svg", "")
		}
		for _, never := range []string{"http://", "https://", "url(//", `src="//`, " style=", "innerHTML", "insertAdjacentHTML", "eval(", "__f__"} {
			if strings.Contains(text, never) {
				t.Errorf("%s holds %s", name, never)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
