package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestATokenComesFromTheEnvironmentOrAFileWithoutBlanksAroundIt(t *testing.T) {
	dir := t.TempDir()
	c := &config{Dir: dir}
	file := filepath.Join(dir, "token")
	if err := os.WriteFile(file, []byte("not-a-real-token\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FIREBREAK_TEST_TOKEN", " not-a-real-token\n")
	for _, s := range []service{{TokenEnv: "FIREBREAK_TEST_TOKEN"}, {TokenFile: "token"}, {TokenFile: file}} {
		if token, warning, err := s.token(c); token != "not-a-real-token" || warning != "" || err != nil {
			t.Errorf("%+v: %q, %q, %v", s, token, warning, err)
		}
	}
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	token, warning, err := (&service{TokenFile: "token"}).token(c)
	if token != "not-a-real-token" || err != nil || !strings.Contains(warning, "chmod 600") {
		t.Errorf("a file that others can read: %q, %q, %v", token, warning, err)
	}
	if token, _, err := (&service{}).token(c); token != "" || err != nil {
		t.Errorf("no token is configured: %q, %v", token, err)
	}
}

func TestATokenThatIsNotThereSaysWhereItShouldBe(t *testing.T) {
	dir := t.TempDir()
	c := &config{Dir: dir}
	for name, text := range map[string]string{"empty": " \n", "two": "not-a-real\ntoken", "long": strings.Repeat("x", maxToken+1)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("FIREBREAK_TEST_EMPTY", "\n")
	t.Setenv("FIREBREAK_TEST_TWO", "not-a-real\ntoken")
	for _, x := range []struct {
		s    service
		want string
	}{
		{service{TokenEnv: "FIREBREAK_TEST_UNSET"}, "the environment variable FIREBREAK_TEST_UNSET is not set"},
		{service{TokenEnv: "FIREBREAK_TEST_EMPTY"}, "the environment variable FIREBREAK_TEST_EMPTY is empty"},
		{service{TokenEnv: "FIREBREAK_TEST_TWO"}, "what the environment variable FIREBREAK_TEST_TWO holds is no token"},
		{service{TokenFile: "gone"}, "the token file gone does not exist"},
		{service{TokenFile: "."}, "the token file . is a folder"},
		{service{TokenFile: "empty"}, "the token file empty is empty"},
		{service{TokenFile: "two"}, "what the token file two holds is no token"},
		{service{TokenFile: "long"}, "and no token has"},
	} {
		_, _, err := x.s.token(c)
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%+v: %v, want %q", x.s, err, x.want)
		} else if strings.Contains(err.Error(), "not-a-real") {
			t.Errorf("the error repeats the token: %v", err)
		}
	}
}

func TestATokenInPlaceOfItsFileIsNotRepeated(t *testing.T) {
	c := &config{Dir: t.TempDir()}
	for _, secret := range []string{"notarealtokenatallbutlong", "0123456789012345678901234567", "NTc2/zY0Njgz+TcNotARealToken", strings.Repeat("notareal", 400)} {
		_, _, err := (&service{TokenFile: secret}).token(c)
		if err == nil || !strings.Contains(err.Error(), "the file that token_file names ") || strings.Contains(err.Error(), secret) {
			t.Errorf("%v", err)
		}
	}
	for _, path := range []string{"/run/secrets/jira-of-the-team", "secrets/the-team/jira-token", "a-token-of-the-team.txt", "/Run/Secrets/of-team-2026", "token"} {
		if _, _, err := (&service{TokenFile: path}).token(c); err == nil || !strings.Contains(err.Error(), "the token file "+path+" does not exist") {
			t.Errorf("a path is what helps to mend it: %v", err)
		}
	}
}
