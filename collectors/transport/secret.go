package transport

// What the authorisation sends, and any text without it.

import (
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// telling is how many characters from a secret's beginning are a part of it that is not told: a text that
// was cut in the middle of a token is no better than the whole of it. Fewer say only of which kind it is
// ("github_pat_", "ATATT3xFfGF0").
const telling = 16

// Scrub is text with "(secret)" for everything that the authorisation sends: the token or the pair in
// base64, the password in the pair, also where their special characters were escaped for JSON, HTML or a
// URL, or where a text breaks off within one. Whoever quotes an answer scrubs the quotation: a gateway
// that refuses a request may quote it whole.
func (t *Transport) Scrub(text string) string {
	secrets := t.known()
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); {
		n := 0
		for _, s := range secrets {
			n = max(n, within(text[i:], s))
		}
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[done:i])
		b.WriteString("(secret)")
		i += n
		done = i
	}
	if done == 0 {
		return text
	}
	return b.String() + text[done:]
}

// known are the secrets that the authorisation sends.
func (t *Transport) known() []string {
	if t.secrets == nil {
		return nil
	}
	return t.secrets()
}

// secretsOf are what auth would put into a request to origin: as a function, which prints as nothing.
func secretsOf(auth Auth, origin string) func() []string {
	if auth == nil {
		return nil
	}
	r := &http.Request{Method: http.MethodGet, Header: http.Header{}}
	r.URL, _ = url.Parse(origin) // one that New has read
	auth(r)
	var secrets []string
	for _, values := range r.Header {
		for _, v := range values {
			kind, value, ok := strings.Cut(v, " ")
			if !ok {
				value = v
			}
			secrets = append(secrets, value)
			if name, rest, ok := strings.Cut(value, "="); ok && name == "token" { // PagerDuty's "Token token=…"
				secrets = append(secrets, rest)
			}
			if strings.EqualFold(kind, "Basic") {
				if pair, err := base64.StdEncoding.DecodeString(value); err == nil {
					_, password, _ := strings.Cut(string(pair), ":")
					secrets = append(secrets, password)
				}
			}
		}
	}
	secrets = slices.DeleteFunc(secrets, func(s string) bool { return s == "" })
	return func() []string { return secrets }
}

// within is how many bytes at text's beginning are secret, or the first telling characters of it and what
// follows of them; 0 where it begins otherwise.
func within(text, secret string) int {
	if strings.HasPrefix(text, secret) {
		return len(secret)
	}
	at := 0
	for i := range len(secret) {
		n := spelt(text[at:], secret[i])
		if n == 0 {
			if i < telling {
				return 0
			}
			break
		}
		at += n
	}
	return at
}

// spelt is how many bytes at text's beginning stand for c: \/ or \u003d of JSON, %3D of a URL, &#x3d;,
// &#61; or &equals; of HTML, or itself; 0 where none do.
func spelt(text string, c byte) int {
	if text == "" {
		return 0
	}
	switch text[0] {
	case '\\':
		if len(text) > 1 && c == '/' && text[1] == c {
			return 2
		}
		if len(text) >= 6 && text[1] == 'u' && isCode(text[2:6], c) {
			return 6
		}
	case '%':
		if len(text) >= 3 && isCode(text[1:3], c) {
			return 3
		}
	case '&':
		name, _, ok := strings.Cut(text[1:min(len(text), 10)], ";")
		if ok && html.UnescapeString("&"+name+";") == string(rune(c)) {
			return len(name) + 2
		}
	}
	if text[0] == c {
		return 1
	}
	return 0
}

// isCode says whether hexadecimal digits are the number of c.
func isCode(digits string, c byte) bool {
	n, err := strconv.ParseUint(digits, 16, 16)
	return err == nil && n == uint64(c)
}
