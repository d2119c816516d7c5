package fakejira

// What a site says of itself: its lists, its account, its server.

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

func joined(list []string) []byte { return []byte("[" + strings.Join(list, ",") + "]") }

func version(q *request) int {
	if q.v3 {
		return 1
	}
	return 0
}

// listStatuses leaves out those that are deleted, which histories still name.
func (s *Site) listStatuses(q *request) (int, []byte) {
	var list []string
	for k, st := range s.words.statuses[version(q)] {
		if !statuses[k].gone {
			list = append(list, st)
		}
	}
	return http.StatusOK, joined(list)
}

func (s *Site) listPriorities(q *request) (int, []byte) {
	return http.StatusOK, joined(s.words.priorities[version(q)])
}

func (s *Site) listResolutions(q *request) (int, []byte) {
	return http.StatusOK, joined(s.words.resolutions[version(q)])
}

func (s *Site) listTypes(q *request) (int, []byte) {
	return http.StatusOK, joined(s.words.types[version(q)])
}

func (s *Site) emptyList(*request) (int, []byte) { return http.StatusOK, []byte("[]") }

func (s *Site) listProjects(q *request) (int, []byte) {
	var list []string
	for k, p := range s.words.projects[version(q)] {
		if !s.forbidden(k) {
			list = append(list, p)
		}
	}
	return http.StatusOK, joined(list)
}

func (s *Site) oneProject(q *request) (int, []byte) {
	for k, p := range projects {
		if (p.id == q.path[1] || strings.EqualFold(p.key, q.path[1])) && !s.forbidden(k) {
			return http.StatusOK, []byte(s.words.projects[version(q)][k])
		}
	}
	return s.noSuchProject(q)
}

func (s *Site) noSuchProject(q *request) (int, []byte) {
	return s.wrong(http.StatusNotFound, "No project could be found with key '"+q.path[1]+"'.")
}

// permissions says of each permission that is asked for whether the account has it: of a project's,
// where it may browse the project; of the others, never.
func (s *Site) permissions(q *request) (int, []byte) { return s.permitted(q, false) }

func (s *Site) noPermissions(q *request) (int, []byte) { return s.permitted(q, true) }

func (s *Site) permitted(q *request, nobody bool) (int, []byte) {
	asked := q.list("permissions")
	if len(asked) == 0 {
		if s.opt.Cloud {
			return s.wrong(http.StatusBadRequest, "The 'permissions' query parameter is required.")
		}
		asked = []string{"BROWSE_PROJECTS"}
	}
	browse := !nobody && slices.ContainsFunc([]int{sup, ops, web}, func(k int) bool { return !s.forbidden(k) })
	if project := q.query.Get("projectKey"); project != "" {
		k := slices.IndexFunc(projects, func(p struct{ id, key, name, kind string }) bool { return p.key == project })
		if k < 0 || nobody || s.forbidden(k) {
			return s.wrong(http.StatusNotFound, "No project could be found with key '"+project+"'.")
		}
	}
	w := s.writer(q)
	w.raw(`{"permissions":{`)
	for k, name := range asked {
		w.comma(k)
		w.quote(name)
		w.raw(`:{"id":"10","key":`)
		w.quote(name)
		w.raw(`,"name":`)
		w.quote(name)
		w.raw(`,"type":"PROJECT","description":"","havePermission":`)
		w.bool(browse && name == "BROWSE_PROJECTS")
		w.raw("}")
	}
	w.raw("}}")
	return w.done()
}

// myself is the account. Its zone is what JQL is read in.
func (s *Site) myself(q *request) (int, []byte) {
	w := s.writer(q)
	w.raw(`{"self":`)
	if s.opt.Cloud {
		w.quote(w.api() + "/user?accountId=5b10a2844c20165700ede2ff")
		w.raw(`,"accountId":"5b10a2844c20165700ede2ff","accountType":"atlassian"`)
	} else {
		w.quote(w.api() + "/user?username=firebreak")
		w.raw(`,"key":"JIRAUSER10200","name":"firebreak"`)
	}
	w.name("emailAddress")
	w.quote(s.opt.Email)
	w.raw(`,"avatarUrls":` + avatars("https://secure.gravatar.com/avatar/0?d=mm") + `,"displayName":"Firebreak","active":true,"timeZone":`)
	w.quote(s.zone.String())
	w.raw(`,"locale":`)
	if s.words.zh {
		w.quote("zh_CN")
	} else {
		w.quote("en_US")
	}
	w.raw(`,"groups":{"size":1,"items":[]},"applicationRoles":{"size":1,"items":[]}}`)
	return w.done()
}

// serverInfo is open to everybody.
func (s *Site) serverInfo(q *request) (int, []byte) {
	kind, version, numbers := "Server", "9.12.4", "[9,12,4]"
	if s.opt.Cloud {
		kind, version, numbers = "Cloud", "1001.0.0-SNAPSHOT", "[1001,0,0]"
	}
	w := s.writer(q)
	w.raw(`{"baseUrl":`)
	w.quote(s.opt.URL)
	w.raw(`,"version":"` + version + `","versionNumbers":` + numbers + `,"deploymentType":"` + kind + `","buildNumber":100288,"buildDate":`)
	w.at(s.now - 30*day)
	w.raw(`,"serverTime":`)
	w.at(s.now)
	w.raw(`,"scmInfo":"57a0ca5b4a0bb0ac5f3fee4764acb1c14e4d7e71","serverTitle":"Jira"}`)
	return w.done()
}

// parseJQL says of queries what is wrong with them, and nothing of their structure.
func (s *Site) parseJQL(q *request) (int, []byte) {
	var in struct {
		Queries []string `json:"queries"`
	}
	if !body(q, &in) || len(in.Queries) == 0 {
		return s.wrong(http.StatusBadRequest, badPayload)
	}
	type parsed struct {
		Query  string   `json:"query"`
		Errors []string `json:"errors,omitempty"`
	}
	var out struct {
		Queries []parsed `json:"queries"`
	}
	for _, text := range in.Queries {
		_, errors := s.parse(text, false)
		out.Queries = append(out.Queries, parsed{text, errors})
	}
	b, err := json.Marshal(out)
	if err != nil { // strings cannot fail
		return http.StatusInternalServerError, nil
	}
	return http.StatusOK, b
}
