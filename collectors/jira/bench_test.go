package jira

// How fast exports are read: go test -bench Read -benchmem. The aim is 300 MB/s of one core on issues of
// 15 KB with their changelogs; ns/issue and MB/s are of JSON, uncompressed.

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/klauspost/compress/gzip"
)

// random is splitmix64: the same export every time.
type random uint64

func (r *random) next(n int) int {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

// appendIssue writes issue n as Jira Cloud's search writes it with expand=changelog: the people with
// their avatars, the many fields that are null, nine entries in the changelog.
func appendIssue(b []byte, r *random, n int) []byte {
	statuses := []string{"Open", "In Progress", "Waiting for customer", "Review", "Done"}
	start := time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(n) * 37 * time.Minute)
	at := func(hours int) string {
		return start.Add(time.Duration(hours) * time.Hour).Format("2006-01-02T15:04:05.000-0700")
	}
	person := func(b []byte) []byte {
		id := r.next(40)
		avatar := fmt.Sprintf("https://secure.gravatar.com/avatar/%032x?d=https%%3A%%2F%%2Favatar-management--avatars.us-west-2.prod.public.atl-paas.net%%2Finitials%%2FAB-%d.png", id*7919, id%5)
		return fmt.Appendf(b, `{"self":"https://example.atlassian.net/rest/api/2/user?accountId=5ecfbd0c730ec90c1999ca%02d","accountId":"5ecfbd0c730ec90c1999ca%02d","avatarUrls":{"48x48":%q,"24x24":%q},"displayName":"Person Number %d","active":true,"timeZone":"Europe/Berlin","accountType":"atlassian"}`,
			id, id, avatar, avatar, id)
	}
	key := fmt.Sprintf("SUP-%d", n)
	b = fmt.Appendf(b, `{"expand":"operations,versionedRepresentations,editmeta,changelog,renderedFields","id":"%d","self":"https://example.atlassian.net/rest/api/2/issue/%d","key":%q,"changelog":{"startAt":0,"maxResults":9,"total":9,"histories":[`, 10000+n, 10000+n, key)
	for h := 8; h >= 0; h-- {
		b = fmt.Appendf(b, `{"id":"%d","author":`, n*100+h)
		b = person(b)
		b = fmt.Appendf(b, `,"created":%q,"items":[`, at(h*5))
		switch h % 5 {
		case 0, 3:
			from, to := r.next(5), r.next(5)
			b = fmt.Appendf(b, `{"field":"status","fieldtype":"jira","fieldId":"status","from":"%d","fromString":%q,"to":"%d","toString":%q}`, from, statuses[from], to, statuses[to])
		case 1:
			b = fmt.Appendf(b, `{"field":"assignee","fieldtype":"jira","fieldId":"assignee","from":null,"fromString":null,"to":"5ecfbd0c730ec90c1999ca%02d","toString":"Person Number %d"}`, r.next(40), r.next(40))
		case 2:
			b = append(b, `{"field":"labels","fieldtype":"jira","fieldId":"labels","from":"","fromString":"backend","to":"","toString":"backend urgent"},{"field":"Rank","fieldtype":"custom","fieldId":"customfield_10019","from":"","fromString":"","to":"","toString":"Ranked higher"}`...)
		case 4:
			b = append(b, `{"field":"Story Points","fieldtype":"custom","fieldId":"customfield_10036","from":null,"fromString":null,"to":null,"toString":"5"}`...)
		}
		b = append(b, `]}`...)
		if h > 0 {
			b = append(b, ',')
		}
	}
	b = fmt.Appendf(b, `]},"fields":{"statuscategorychangedate":%q,"issuetype":{"self":"https://example.atlassian.net/rest/api/2/issuetype/10004","id":"10004","description":"A problem which impairs or prevents the functions of the product.","iconUrl":"https://example.atlassian.net/rest/api/2/universal_avatar/view/type/issuetype/avatar/10303?size=medium","name":"Bug","subtask":false,"avatarId":10303,"hierarchyLevel":0},`, at(44))
	for i := range 60 {
		b = fmt.Appendf(b, `"customfield_%d":null,`, 10040+i)
	}
	b = fmt.Appendf(b, `"customfield_10036":%d.0,"customfield_10030":{"self":"https://example.atlassian.net/rest/api/2/customFieldOption/1","value":"S%d","id":"1"},`, 1+r.next(8), 1+r.next(4))
	b = append(b, `"project":{"self":"https://example.atlassian.net/rest/api/2/project/10000","id":"10000","key":"SUP","name":"Support","projectTypeKey":"software","simplified":false},"fixVersions":[{"id":"1","name":"2.7.0","released":true}],"resolution":null,"resolutiondate":null,"labels":["backend","urgent"],"issuelinks":[],`...)
	b = fmt.Appendf(b, `"created":%q,"updated":%q,"duedate":null,"priority":{"self":"https://example.atlassian.net/rest/api/2/priority/3","iconUrl":"https://example.atlassian.net/images/icons/priorities/medium.svg","name":"Medium","id":"3"},"assignee":`, at(0), at(44))
	b = person(b)
	b = append(b, `,"reporter":`...)
	b = person(b)
	b = append(b, `,"creator":`...)
	b = person(b)
	b = fmt.Appendf(b, `,"status":{"self":"https://example.atlassian.net/rest/api/2/status/3","description":"This issue is being actively worked on.","iconUrl":"https://example.atlassian.net/","name":"In Progress","id":"3","statusCategory":{"self":"https://example.atlassian.net/rest/api/2/statuscategory/4","id":4,"key":"indeterminate","colorName":"yellow","name":"In Progress"}},"components":[{"id":"7","name":"Orders"}],"summary":"Order %d is refused with \"code %d\"","description":"`, n, r.next(999))
	for range 12 {
		b = fmt.Appendf(b, `The customer's order %d waits in the queue; see https://status.example.com/incidents/%d.\r\n`, r.next(100000), r.next(1000))
	}
	b = append(b, `","comment":{"comments":[`...)
	for c := range 2 {
		if c > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"id":"%d","author":`, n*10+c)
		b = person(b)
		b = fmt.Appendf(b, `,"body":"We looked at it: the fax provider does not answer. Restarted.","created":%q,"updated":%q,"jsdPublic":true}`, at(2+c), at(2+c))
	}
	return append(b, `],"self":"https://example.atlassian.net/rest/api/2/issue/1/comment","maxResults":2,"total":2,"startAt":0},"worklog":{"startAt":0,"maxResults":20,"total":0,"worklogs":[]}}}`...)
}

func lines(n int) []byte {
	var b []byte
	var r random
	for i := range n {
		b = append(appendIssue(b, &r, i+1), '\n')
	}
	return b
}

func page(n int) []byte {
	b := append([]byte(nil), `{"expand":"names,schema","startAt":0,"maxResults":5000,"total":`...)
	b = fmt.Appendf(b, `%d,"issues":[`, n)
	var r random
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendIssue(b, &r, i+1)
	}
	return append(b, `]}`...)
}

func BenchmarkRead(b *testing.B) {
	const n = 2000
	var zip bytes.Buffer
	z := gzip.NewWriter(&zip)
	z.Write(lines(n))
	z.Close()
	for _, c := range []struct {
		name string
		data []byte
	}{{"lines", lines(n)}, {"page", page(n)}, {"gzip", zip.Bytes()}} {
		b.Run(c.name, func(b *testing.B) {
			src := Files{Set: exports.Set{Source: "b", FS: fstest.MapFS{"x": {Data: c.data, ModTime: time.Unix(1, 0)}}, Patterns: []string{"x"}},
				Tracker: "b", Points: []string{"customfield_10036"}, Fields: map[string]string{"severity": "customfield_10030"}}
			b.SetBytes(int64(len(lines(n))))
			b.ReportAllocs()
			for b.Loop() {
				got := 0
				for batch, err := range src.Fetch(context.Background(), "") {
					if err != nil || len(batch.Doubts)+len(batch.Gaps) > 0 {
						b.Fatal(err, batch.Doubts, batch.Gaps)
					}
					got += len(batch.Issues)
				}
				if got != n {
					b.Fatal(got)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/issue")
			b.ReportMetric(float64(len(lines(n)))/n, "B-of-JSON/issue")
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	var r random
	v := appendIssue(nil, &r, 1)
	d := decoder{tracker: "b"}
	b.SetBytes(int64(len(v)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.issue(v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInstant(b *testing.B) {
	s := []byte("2021-01-25T11:09:27.985+0800")
	b.ReportAllocs()
	var at record.Instant
	for b.Loop() {
		at, _ = instant(s)
	}
	_ = at
}
