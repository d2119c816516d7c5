package main

// Tokens: firebreak.yaml says where one is, never what it is. What looks like one in the file is a
// complaint that does not repeat it.

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"unicode"

	"github.com/firebreak/firebreak/analysis/strict"
)

// secrets complains about keys that people give when they mean to write the token itself.
func (r *sourceReader) secrets() {
	for _, k := range []string{"token", "api_token", "apitoken", "api_key", "pat", "password", "secret", "auth", "authorization", "bearer"} {
		if r.Has(k) {
			r.Get(k)
			r.Key(k).Complain("a secret never stands in this file; put it in an environment variable and name that: token_env: %s", r.variable())
		}
	}
}

// variable is how the variable with the token of such a source is commonly called.
func (r *sourceReader) variable() string {
	if r.Kind == "github" {
		return "GITHUB_TOKEN"
	}
	return "JIRA_TOKEN"
}

// tokenEnv is the name of the variable that holds the token.
func (r *sourceReader) tokenEnv() string {
	n := r.Get("token_env")
	switch name := n.Text(); {
	case name == "":
	case r.secret(n, name):
	case variableName.MatchString(strings.Trim(name, "${}")) && strings.HasPrefix(name, "$"):
		n.Complain("the name of the variable stands alone; did you mean %q?", strings.Trim(name, "${}"))
	case !variableName.MatchString(name):
		n.Complain("token_env is the name of an environment variable, such as %s; what stands here is none, and is not repeated in case it is the token", r.variable())
	default:
		return name
	}
	return ""
}

// tokenFile is the path of the file that holds the token.
func (r *sourceReader) tokenFile() string {
	n := r.Get("token_file")
	if name := n.Text(); name != "" && !r.secret(n, name) {
		return name
	}
	return ""
}

func (r *sourceReader) email() string {
	n := r.Get("email")
	switch s := n.Text(); {
	case s == "" || r.secret(n, s):
	case !mailbox.MatchString(s):
		n.Complain("%q is no e-mail address; it is that of the account whose API token is used", s)
	default:
		return s
	}
	return ""
}

// secret complains about what looks like a token.
func (r *sourceReader) secret(n strict.Node, s string) bool {
	if !looksSecret(s) {
		return false
	}
	n.Complain("this looks like a token, which never stands in a file: put it in an environment variable and name that (token_env: %s); if others have seen the file, have the token revoked", r.variable())
	return true
}

var (
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	mailbox      = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)

	// The prefixes of GitHub's and Atlassian's tokens:
	// https://docs.github.com/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
	tokenPrefix = regexp.MustCompile(`^(gh[pousr]_|github_pat_|AT[A-Z]TT3|ATATT|(?i:bearer|basic|token)\s)`)
)

// looksSecret says whether a text looks like a token: by its prefix, or as it is long and mixes digits
// with capital and small letters, as a personal access token of Data Center does.
func looksSecret(s string) bool {
	if tokenPrefix.MatchString(s) {
		return true
	}
	has := func(is func(rune) bool) bool { return strings.ContainsFunc(s, is) }
	return len(s) >= 24 && !strings.ContainsAny(s, " ./\\@") && has(unicode.IsDigit) && has(unicode.IsUpper) && has(unicode.IsLower)
}

// mayBeSecret says whether what stands for the path of a file could be the token instead, so that it must
// not be repeated where there is no such file: a long word without a dot or a slash, or, as a token may
// have slashes in it, one that mixes what paths seldom mix.
func mayBeSecret(path string) bool {
	if len(path) < 20 || strings.Contains(path, ".") {
		return looksSecret(path)
	}
	has := func(is func(rune) bool) bool { return strings.ContainsFunc(path, is) }
	return !strings.ContainsAny(path, `/\`) || path[0] != '/' && has(unicode.IsDigit) && has(unicode.IsUpper) && has(unicode.IsLower)
}

// token is the secret that a service is asked with, "" where none is configured. A warning is worth
// saying, and no reason not to ask.
func (s *service) token(c *config) (token, warning string, err error) {
	switch {
	case s.TokenEnv != "":
		token, set := os.LookupEnv(s.TokenEnv)
		if token = strings.TrimSpace(token); token != "" {
			return token, "", clean(token, "the environment variable "+s.TokenEnv)
		}
		is := "is not set"
		if set {
			is = "is empty"
		}
		return "", "", fmt.Errorf("the environment variable %s %s, and the token should be in it; set it where firebreak runs (in a workflow: env, from a secret)", s.TokenEnv, is)
	case s.TokenFile != "":
		return readToken(c.path(s.TokenFile), s.TokenFile)
	}
	return "", "", nil
}

// readToken reads a token from a file; shown is how people know it.
func readToken(file, shown string) (token, warning string, err error) {
	info, err := os.Stat(file)
	named := "the token file " + shown
	if err != nil && mayBeSecret(shown) {
		named = "the file that token_file names"
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", "", fmt.Errorf("%s does not exist; see token_file: in firebreak.yaml, which is the path of a file and never the token", named)
	case err == nil && info.IsDir():
		return "", "", fmt.Errorf("the token file %s is a folder; see token_file: in firebreak.yaml", shown)
	case err == nil && info.Size() > maxToken:
		return "", "", fmt.Errorf("the token file %s has %d bytes, and no token has; it should hold the token alone", shown, info.Size())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", "", fmt.Errorf("%s cannot be read: %s", named, reason(err))
	}
	if token = strings.TrimSpace(string(text)); token == "" {
		return "", "", fmt.Errorf("the token file %s is empty; it should hold the token alone", shown)
	}
	if info != nil && info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		warning = fmt.Sprintf("the token file %s can be read by others on this machine (mode %04o); chmod 600 it", shown, info.Mode().Perm())
	}
	return token, warning, clean(token, "the token file "+shown)
}

// maxToken is more bytes than any token has; an OAuth token of Atlassian's has some two thousand.
const maxToken = 16 << 10

// clean refuses what cannot be sent, such as two lines: the request's error would repeat it.
func clean(token, where string) error {
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return fmt.Errorf("what %s holds is no token: there is a blank, a line break or another character in it that no token has", where)
	}
	return nil
}
