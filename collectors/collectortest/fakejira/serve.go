package fakejira

// Requests, from the door to the endpoint.

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// request is one request on its way through.
type request struct {
	*http.Request
	v3     bool
	path   []string // below /rest/api/N: "issue", "SUP-1", "comment"
	query  url.Values
	header http.Header // of the answer
	buffer *[]byte     // for its body
}

// ServeHTTP answers as Jira does.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := s.route(r)
	s.mu.Lock()
	s.inflight++
	s.peak = max(s.peak, s.inflight)
	s.served++
	n, before := s.served, s.before
	s.requests[r.Method+" "+template(r.URL.Path, s.opt.Base, q)]++
	s.mu.Unlock()
	defer func() { // also where before ends it, as http.ErrAbortHandler does
		s.mu.Lock()
		defer s.mu.Unlock()
		s.inflight--
	}()
	if before != nil {
		before(n, r)
	}
	q.buffer, _ = s.buffers.Get().(*[]byte)
	if q.buffer == nil {
		q.buffer = new([]byte)
	}
	defer s.buffers.Put(q.buffer)
	s.mu.Lock()
	q.header = w.Header()
	status, body := s.answer(q)
	q.header.Set("Date", s.clock().Format(http.TimeFormat))
	s.mu.Unlock()
	if q.header.Get("Content-Type") == "" {
		q.header.Set("Content-Type", "application/json;charset=UTF-8")
	}
	w.WriteHeader(status)
	w.Write(body) // who does not listen any more need not be answered
}

// route takes a path apart; q.path is nil for one that is none of the REST API's.
func (s *Site) route(r *http.Request) *request {
	q := &request{Request: r, query: r.URL.Query()}
	path, ok := strings.CutPrefix(r.URL.Path, s.opt.Base+"/rest/api/")
	if !ok {
		return q
	}
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	switch {
	case parts[0] == "2" || parts[0] == "latest":
	case parts[0] == "3" && s.opt.Cloud:
		q.v3 = true
	default:
		return q
	}
	if len(parts) > 1 {
		q.path = parts[1:]
	}
	return q
}

func template(path, base string, q *request) string {
	if len(q.path) < 2 {
		return path
	}
	switch q.path[0] {
	case "issue", "project":
		parts := slices.Clone(q.path)
		parts[1] = "{id}"
		version := strings.Split(strings.TrimPrefix(path, base+"/rest/api/"), "/")[0]
		return base + "/rest/api/" + version + "/" + strings.Join(parts, "/")
	}
	return path
}

func (s *Site) clock() time.Time { return time.UnixMilli(s.now).UTC() }

// longest is how long an address may be: what Tomcat takes of a request's head unless it is told
// otherwise. Where the limit of a site is, and that of what stands before it, is not known; it is why
// searches can be posted.
const longest = 8 << 10

// answer is the status and the body of an answer.
func (s *Site) answer(q *request) (int, []byte) {
	if s.awkward.Login {
		q.header.Set("Content-Type", "text/html;charset=UTF-8")
		return http.StatusOK, []byte(login)
	}
	if s.limited > 0 {
		s.limited--
		return s.tooMany(q)
	}
	if len(q.URL.RequestURI()) > longest {
		return s.wrong(http.StatusRequestURITooLong, "Request-URI Too Long")
	}
	if q.path == nil {
		q.header.Set("Content-Type", "text/html;charset=UTF-8")
		return http.StatusNotFound, []byte("<html><head><title>Oops, you've found a dead link. - JIRA</title></head><body>404</body></html>")
	}
	nobody := false
	if !s.letIn(q.Request) {
		open := s.opt.Anonymous || q.Header.Get("Authorization") == "" && q.path[0] == "serverInfo"
		if !open || q.path[0] == "myself" {
			return s.unauthorized(q)
		}
		nobody = true
	}
	s.catchUp()
	for _, e := range endpoints {
		if !e.serves(s, q) {
			continue
		}
		if !slices.Contains(strings.Fields(e.methods), q.Method) {
			q.header.Set("Allow", strings.Join(strings.Fields(e.methods), ", "))
			return s.wrong(http.StatusMethodNotAllowed, "Method Not Allowed")
		}
		if q.Method == http.MethodPost {
			if t, _, _ := strings.Cut(q.Header.Get("Content-Type"), ";"); strings.TrimSpace(t) != "application/json" {
				return s.wrong(http.StatusUnsupportedMediaType, "Content-Type '"+q.Header.Get("Content-Type")+"' is not supported.")
			}
		}
		if nobody && e.nobody != nil {
			return e.nobody(s, q)
		}
		return e.answer(s, q)
	}
	return http.StatusNotFound, []byte(`{"message":"null for uri: ` + s.opt.URL + `/","status-code":404}`)
}

// endpoint is one thing that can be asked for. In its path, "*" is any one part.
type endpoint struct {
	path    string
	methods string
	cloud   bool // on Cloud alone
	answer  func(*Site, *request) (int, []byte)
	nobody  func(*Site, *request) (int, []byte) // for anonymous callers, where it differs
}

var endpoints = []endpoint{
	{"search/jql", "GET POST", true, (*Site).searchCloud, (*Site).nothingFound},
	{"search/approximate-count", "POST", true, (*Site).approximateCount, (*Site).noneCounted},
	{"search", "GET POST", false, (*Site).search, (*Site).nothingFound},
	{"jql/parse", "POST", true, (*Site).parseJQL, nil},
	{"changelog/bulkfetch", "POST", true, (*Site).bulkfetch, (*Site).noChanges},
	{"issue/*", "GET", false, (*Site).oneIssue, (*Site).noSuchIssue},
	{"issue/*/changelog", "GET", true, (*Site).issueChangelog, (*Site).noSuchIssue},
	{"issue/*/comment", "GET", false, (*Site).issueComments, (*Site).noSuchIssue},
	{"issue/*/worklog", "GET", false, (*Site).issueWorklogs, (*Site).noSuchIssue},
	{"field", "GET", false, (*Site).listFields, nil},
	{"status", "GET", false, (*Site).listStatuses, (*Site).emptyList},
	{"priority", "GET", false, (*Site).listPriorities, nil},
	{"resolution", "GET", false, (*Site).listResolutions, nil},
	{"issuetype", "GET", false, (*Site).listTypes, (*Site).emptyList},
	{"project", "GET", false, (*Site).listProjects, (*Site).emptyList},
	{"project/*", "GET", false, (*Site).oneProject, (*Site).noSuchProject},
	{"mypermissions", "GET", false, (*Site).permissions, (*Site).noPermissions},
	{"myself", "GET", false, (*Site).myself, nil},
	{"serverInfo", "GET", false, (*Site).serverInfo, nil},
}

func (e endpoint) serves(s *Site, q *request) bool {
	parts := strings.Split(e.path, "/")
	if len(parts) != len(q.path) || e.cloud && !s.opt.Cloud {
		return false
	}
	for i, p := range parts {
		if p != "*" && p != q.path[i] {
			return false
		}
	}
	return true
}

func (s *Site) letIn(r *http.Request) bool {
	if s.opt.Token == "" {
		return true
	}
	if s.opt.Cloud {
		user, token, ok := r.BasicAuth()
		return ok && user == s.opt.Email && token == s.opt.Token
	}
	return r.Header.Get("Authorization") == "Bearer "+s.opt.Token
}

// unauthorized is Jira's 401. The words of Cloud are from public threads, the page of Data Center is
// from memory; that neither says which of user and token is wrong is certain.
func (s *Site) unauthorized(q *request) (int, []byte) {
	if q.Header.Get("Authorization") != "" {
		q.header.Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	}
	if s.opt.Cloud {
		q.header.Set("WWW-Authenticate", `OAuth realm="`+url.QueryEscape(s.opt.URL)+`"`)
		return s.wrong(http.StatusUnauthorized, "Client must be authenticated to access this resource.")
	}
	q.header.Set("Content-Type", "text/html;charset=UTF-8")
	return http.StatusUnauthorized, []byte("<html>\n<head>\n    <title>Unauthorized (401)</title>\n</head>\n<body>\n    <h1>Unauthorized (401)</h1>\n    <p>Encountered a \"401 - Unauthorized\" error while loading this page.</p>\n</body>\n</html>")
}

// wrong is an error in Jira's shape.
func (s *Site) wrong(status int, messages ...string) (int, []byte) {
	b, err := json.Marshal(struct {
		ErrorMessages []string          `json:"errorMessages"`
		Errors        map[string]string `json:"errors"`
	}{messages, map[string]string{}})
	if err != nil { // strings cannot fail
		return http.StatusInternalServerError, nil
	}
	return status, b
}

// number reads a number of the query; what is none is missing, since Jira's own bad-number answers are
// not known.
func (q *request) number(name string, missing int) int {
	if n, err := strconv.Atoi(q.query.Get(name)); err == nil {
		return n
	}
	return missing
}

// list reads a list of the query, which may be separated by commas, repeated, or both.
func (q *request) list(name string) []string {
	var all []string
	for _, v := range q.query[name] {
		for _, f := range strings.Split(v, ",") {
			if f = strings.TrimSpace(f); f != "" {
				all = append(all, f)
			}
		}
	}
	return all
}
