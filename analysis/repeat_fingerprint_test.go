package analysis

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestAFingerprintIsWhatATitleSaysWithoutItsNumbers(t *testing.T) {
	for title, want := range map[string]string{
		"":                                    "",
		"  –  ":                               "",
		"4711":                                "#",
		"Gateway out of memory":               "gateway out of memory",
		"gateway-4: heap above 95 %":          "# heap above #",
		"gateway: heap above 95%":             "gateway heap above #",
		"Order-service / checkout: p95 > 4 s": "order service checkout # s",
		"[FIRING:2] HighErrorRate payments (web-1.eu.example prod)": "# higherrorrate payments # prod",
		"HighLoad{host=web01,dc=eu}":                                "highload host # dc eu",
		"timeout(30s) after 1,234 ms":                               "timeout # after # ms",
		"orders 1, 2 and 3 stuck":                                   "orders # and # stuck",
		"orders 1, 2, 3 stuck":                                      "orders # stuck",
		"at 2026-11-23T12:05:33Z and 12:05":                         "at # and #",
		"see https://x.example/alerts/77?a=b":                       "see # b",
		"SUP-12 550e8400-e29b-41d4-a716-446655440000":               "#",
		"Café ＦＡＸ ﬁle №５":                                           "café fax file #",
		"ÉCOLE e\u0301cole":                                         "école école",
		"सेवा बंद है १२":                                            "सेवा बंद है #",
		"支付服务 超时":                                                   "支付服务 超时",
		"issue #5 in C#, # again":                                   "issue # in c # again",
		"bad \xff bytes":                                            "bad bytes",
	} {
		if got := Fingerprint(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

// fingerprintLaws hold for every title.
func fingerprintLaws(t interface{ Fatalf(string, ...any) }, title string) {
	f := Fingerprint(title)
	if again := Fingerprint(f); again != f {
		t.Fatalf("the fingerprint of %q is %q, and of that %q", title, f, again)
	}
	if !utf8.ValidString(f) || strings.Contains(f, "  ") || strings.Trim(f, " ") != f || strings.Contains(f, "# #") || strings.Contains(f, "##") {
		t.Fatalf("the fingerprint of %q is %q", title, f)
	}
	for _, r := range f {
		if !unicode.In(r, unicode.L, unicode.M) && r != '#' && r != ' ' || unicode.ToLower(r) != r {
			t.Fatalf("the fingerprint of %q is %q, which has %q", title, f, r)
		}
	}
	// Another way to write the same characters, and another case, are no other title.
	if other := Fingerprint(norm.NFKD.String(title)); other != f {
		t.Fatalf("%q taken apart is %q, not %q", title, other, f)
	}
	if got := string(appendFingerprint([]byte("x1 "), title)); got != "x1 "+f {
		t.Fatalf("behind something else %q is %q", title, got)
	}
}

func TestFingerprintsKeepTheirLaws(t *testing.T) {
	titles := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-zA-Z#:.-]{0,4}[0-9 #,(%=-]{0,3}){0,6}`))
	rapid.Check(t, func(t *rapid.T) { fingerprintLaws(t, titles.Draw(t, "title")) })
	rapid.Check(t, func(t *rapid.T) { // a number is as good as another
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,6}`), 1, 5).Draw(t, "words")
		a, b := rapid.Uint64().Draw(t, "a"), rapid.Uint64().Draw(t, "b")
		at := rapid.IntRange(0, len(words)).Draw(t, "at")
		with := func(n uint64) string {
			all := append(append(append([]string{}, words[:at]...), "host-"+strings.Repeat("9", int(n%7)+1)), words[at:]...)
			return Fingerprint(strings.Join(all, " "))
		}
		if with(a) != with(b) {
			t.Fatalf("%q and %q", with(a), with(b))
		}
	})
}

func FuzzFingerprint(f *testing.F) {
	for _, title := range []string{"gateway-4: heap above 95 %", "ﬁ № ５ İ ſ ẞ", "e\u0301", "#", "a# #", "\xff", "ᾈ ͅ", "1½"} {
		f.Add(title)
	}
	f.Fuzz(func(t *testing.T, title string) { fingerprintLaws(t, title) })
}

func BenchmarkFingerprint(b *testing.B) {
	b.ReportAllocs()
	var buf []byte
	for b.Loop() {
		buf = appendFingerprint(buf[:0], "gateway-4: heap above 95 % for 10 minutes (eu-west-1)")
	}
}
