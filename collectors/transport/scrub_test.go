package transport

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// However a gateway spells what it was sent, and wherever its text breaks off, the token is not in it.
func TestScrubTakesOutWhatTheAuthorisationSends(t *testing.T) {
	const user, long = "robot@acme.com", "not-a-real/token+with~specials/and=an&end"
	pair := base64.StdEncoding.EncodeToString([]byte(user + ":" + long))
	if !strings.ContainsAny(pair, "=") {
		t.Fatal("the pair is to have padding, which JSON and URLs escape")
	}
	slashes := strings.NewReplacer("/", `\/`, "=", `\u003d`, "+", `\u002B`, "&", `\u0026`).Replace
	references := strings.NewReplacer("&", "&amp;", "=", "&#61;", "/", "&#x2F;", "+", "&#x2b;").Replace
	written := map[string]func(string) string{
		"plain": func(s string) string { return s },
		"JSON":  func(s string) string { j, _ := json.Marshal(s); return string(j[1 : len(j)-1]) },
		"\\u":   slashes, "&#": references, "HTML": html.EscapeString, "query": url.QueryEscape, "path": url.PathEscape,
	}
	for name, auth := range map[string]Auth{"basic": Basic(user, long), "bearer": Bearer(long)} {
		tr := must(t, Options{Auth: auth, Base: carrier{}})
		for how, write := range written {
			secrets := []string{long}
			if name == "basic" {
				secrets = append(secrets, pair)
			}
			for _, secret := range secrets {
				w := write(secret)
				got := tr.Scrub("400: header 'Basic " + w + "', again " + w)
				if want := "400: header 'Basic (secret)', again (secret)"; got != want {
					t.Errorf("%s, %s: %q", name, how, got)
				}
				if half := tr.Scrub("you sent " + w[:len(w)-6] + "…"); strings.Contains(half, w[:8]) || !strings.Contains(half, "you sent (secret)") {
					t.Errorf("%s, %s, cut: %q", name, how, half)
				}
			}
		}
		if plain := "not-a-real issue of robot@acme.com: 100% of A&B; \\u"; tr.Scrub(plain) != plain {
			t.Errorf("%s: what is no secret stays: %q", name, tr.Scrub(plain))
		}
	}
	if s := must(t, Options{Base: carrier{}}).Scrub("x"); s != "x" {
		t.Errorf("whoever asks as anybody has no secrets: %q", s)
	}
	cookie := must(t, Options{Auth: func(r *http.Request) { r.Header.Set("X-Api-Key", long) }, Base: carrier{}})
	if s := cookie.Scrub(long); s != "(secret)" {
		t.Errorf("another header than Authorization: %q", s)
	}
}

// Whatever stands around a token, and whatever token it is: it is gone, and the rest stands.
func TestScrubLeavesTheRestAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Z][!-~]{3,60}`).Draw(t, "secret")
		parts := rapid.SliceOfN(rapid.StringMatching(`[a-z %&#;é\\]{0,12}`), 1, 6).Draw(t, "parts") // no capital begins a secret here
		tr, err := New(Options{Service: "tickets", Origin: origin, Auth: Bearer(secret), Base: carrier{}})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := tr.Scrub(strings.Join(parts, secret)), strings.Join(parts, "(secret)"); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	})
}

func FuzzScrub(f *testing.F) {
	tr, err := New(Options{Service: "tickets", Origin: origin, Auth: Basic("bot", "not-a-real-token"), Base: carrier{}})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "&", "&#", "&#x", "\\", "\\u00", "%", "%6", "not-a-real-tok", "not-a-real-token", "&#110;ot-a-real%2Dtoken"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := tr.Scrub(s); strings.Contains(got, "not-a-real-token") {
			t.Errorf("%q", got)
		}
	})
}
