package github

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
)

// account is a person as the API gives one: twenty members, two of which are wanted.
func account(login string) string {
	u := "https://api.github.com/users/" + login
	return fmt.Sprintf(`{"login":%q,"id":%d,"node_id":"MDQ6VXNlcg==","avatar_url":"https://avatars.githubusercontent.com/u/1?v=4","gravatar_id":"","url":%q,"html_url":"https://github.com/%s","followers_url":"%[3]s/followers","following_url":"%[3]s/following{/other_user}","gists_url":"%[3]s/gists{/gist_id}","starred_url":"%[3]s/starred{/owner}{/repo}","subscriptions_url":"%[3]s/subscriptions","organizations_url":"%[3]s/orgs","repos_url":"%[3]s/repos","events_url":"%[3]s/events{/privacy}","received_events_url":"%[3]s/received_events","type":"User","user_view_type":"public","site_admin":false}`,
		login, len(login), u, login)
}

// export is n issues of some 5 KB as the API gives them, numbered from first on, and with ten events each
// if asked.
func export(first, n int, timelines bool) []byte {
	var b bytes.Buffer
	body := strings.Repeat(`The import stopped at \"row 7\".\r\nSee https://wiki.acme.test/runbook. `, 10)
	for i := first; i < first+n; i++ {
		at := fmt.Sprintf("2026-%02d-%02dT%02d:%02d:00Z", 1+i%12, 1+i%28, i%24, i%60)
		issue := fmt.Sprintf(`{"url":"https://api.github.com/repos/acme/orders/issues/%[1]d","repository_url":"https://api.github.com/repos/acme/orders","labels_url":"https://api.github.com/repos/acme/orders/issues/%[1]d/labels{/name}","html_url":"https://github.com/acme/orders/issues/%[1]d","id":%[2]d,"node_id":"I_kwDO","number":%[1]d,"title":"Import of invoices fails (%[1]d)","user":%[3]s,"labels":[{"id":1,"node_id":"L","url":"https://api.github.com/repos/acme/orders/labels/bug","name":"bug","color":"d73a4a","default":true,"description":"Something isn't working"}],"state":"closed","locked":false,"assignee":%[4]s,"assignees":[%[4]s],"milestone":null,"comments":3,"created_at":"%[5]s","updated_at":"%[5]s","closed_at":"%[5]s","author_association":"MEMBER","type":{"id":3,"name":"Bug"},"active_lock_reason":null,"sub_issues_summary":{"total":0,"completed":0,"percent_completed":0},"body":"%[6]s","closed_by":%[4]s,"reactions":{"url":"https://api.github.com/repos/acme/orders/issues/%[1]d/reactions","total_count":0,"+1":0,"-1":0},"timeline_url":"https://api.github.com/repos/acme/orders/issues/%[1]d/timeline","performed_via_github_app":null,"state_reason":"completed"}`,
			i, 900000+i, account("dana"), account("raj"), at, body)
		if !timelines {
			b.WriteString(issue + "\n")
			continue
		}
		var events []string
		for j, e := range []string{`"event":"labeled","label":{"name":"bug"}`, `"event":"assigned","assignee":` + account("raj"), `"event":"subscribed"`,
			`"event":"commented","body":"on it"`, `"event":"mentioned"`, `"event":"referenced"`, `"event":"commented","body":"a fix is on its way"`,
			`"event":"closed","state_reason":null`, `"event":"reopened"`, `"event":"closed","state_reason":"completed"`} {
			events = append(events, fmt.Sprintf(`{"id":%d,"node_id":"E","url":"https://api.github.com/repos/acme/orders/issues/events/%[1]d","actor":%s,"commit_id":null,"commit_url":null,"created_at":%q,%s}`,
				1000*i+j, account("raj"), at, e))
		}
		fmt.Fprintf(&b, `{"type":"issue","issue":%s,"events":[%s]}`+"\n", issue, strings.Join(events, ","))
	}
	return b.Bytes()
}

func benchmark(b *testing.B, data []byte, want int) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	files := Files{Tracker: "t", Set: exports.Set{Source: "t", FS: fstest.MapFS{"f.jsonl": {Data: data, ModTime: time.Unix(1, 0)}}, Patterns: []string{"f.jsonl"}}}
	for b.Loop() {
		if n := len(collect(b, files).Issues); n != want {
			b.Fatalf("%d issues, want %d", n, want)
		}
	}
}

func BenchmarkIssues(b *testing.B)    { benchmark(b, export(1, 2000, false), 2000) }
func BenchmarkTimelines(b *testing.B) { benchmark(b, export(1, 500, true), 500) }

// unpackedFiles is real exports without their compression.
func unpackedFiles(b testing.TB, name, pattern string) []byte {
	var all []byte
	paths, err := filepath.Glob(filepath.Join(shared(b, name), pattern))
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			b.Fatal(err)
		}
		data, err := io.ReadAll(z)
		if err != nil {
			b.Fatal(err)
		}
		all = append(append(all, data...), '\n')
	}
	return all
}

func BenchmarkRealIssues(b *testing.B) {
	benchmark(b, unpackedFiles(b, "rust-lang-rust", "*.json.gz"), 6078)
}

func BenchmarkRealTimelines(b *testing.B) {
	benchmark(b, unpackedFiles(b, "bitcoin-core-gui", "*.jsonl.gz"), 341)
}
