package fakegithub

// The objects of the REST API: people, labels, milestones, types, issues, repositories. The members, their
// order and which of them are null are those of answers recorded in 2024 and 2025.

import (
	"encoding/base64"
	"encoding/binary"
	"net/url"
	"strings"
)

// face is the addresses under which a request sees the service.
type face struct{ api, web string }

// node is a GraphQL id: what it is of, and the id.
func node(prefix string, id int64) string {
	return prefix + base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(nil, uint64(id)))
}

// unnode is the id in a GraphQL id, false if it is none of that prefix.
func unnode(prefix, s string) (int64, bool) {
	s, ok := strings.CutPrefix(s, prefix)
	b, err := base64.RawURLEncoding.DecodeString(s)
	if !ok || err != nil || len(b) != 8 {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(b)), true
}

func (f face) person(w *writer, who int) {
	login := people[who]
	kind, path := "User", login
	if name, bot := strings.CutSuffix(login, "[bot]"); bot {
		kind, path = "Bot", "apps/"+name
	}
	f.account(w, login, int64(1_000_001+who*7), kind, path)
}

func (f face) account(w *writer, login string, id int64, kind, path string) {
	api := f.api + "/users/" + url.PathEscape(login)
	w.object(func() {
		w.str("login", login)
		w.int("id", id)
		w.str("node_id", node("U_kgDO", id))
		w.str("avatar_url", "https://avatars.githubusercontent.com/u/"+itoa(id)+"?v=4")
		w.str("gravatar_id", "")
		w.str("url", api)
		w.str("html_url", f.web+"/"+path)
		w.str("followers_url", api+"/followers")
		w.str("following_url", api+"/following{/other_user}")
		w.str("gists_url", api+"/gists{/gist_id}")
		w.str("starred_url", api+"/starred{/owner}{/repo}")
		w.str("subscriptions_url", api+"/subscriptions")
		w.str("organizations_url", api+"/orgs")
		w.str("repos_url", api+"/repos")
		w.str("events_url", api+"/events{/privacy}")
		w.str("received_events_url", api+"/received_events")
		w.str("type", kind)
		w.str("user_view_type", "public")
		w.bool("site_admin", false)
	})
}

// owner writes the owner of a repository. In the fake it is an organisation if it is the one of the
// options, and a person otherwise.
func (h *Hub) owner(w *writer, f face, login string) {
	kind := "User"
	if login == h.o.Org {
		kind = "Organization"
	}
	f.account(w, login, ownerID(login), kind, login)
}

// ownerID is a made-up id that follows from the name.
func ownerID(login string) int64 {
	id := int64(5_000_000)
	for _, c := range login {
		id = id*31%900_000_007 + int64(c)
	}
	return id
}

func (f face) label(w *writer, r *repo, l int) {
	about := labels[l]
	w.object(func() {
		w.int("id", r.id*10+int64(l))
		w.str("node_id", node("LA_kwDO", r.id*10+int64(l)))
		w.str("url", f.repo(r)+"/labels/"+url.PathEscape(about.name))
		w.str("name", about.name)
		w.str("color", about.color)
		w.bool("default", l < 2)
		w.strOrNull("description", about.about)
	})
}

func (h *Hub) milestone(w *writer, f face, r *repo, m int) {
	api := f.repo(r) + "/milestones/" + itoa(int64(m))
	w.object(func() {
		w.str("url", api)
		w.str("html_url", f.web+"/"+r.full()+"/milestone/"+itoa(int64(m)))
		w.str("labels_url", api+"/labels")
		w.int("id", r.id*10+int64(m))
		w.str("node_id", node("MI_kwDO", r.id*10+int64(m)))
		w.int("number", int64(m))
		w.str("title", milestones[m])
		w.null("description")
		w.key("creator")
		f.person(w, 0)
		w.int("open_issues", 4)
		w.int("closed_issues", 8)
		w.str("state", "open")
		w.when("created_at", h.o.Now.Unix()-year)
		w.when("updated_at", h.o.Now.Unix()-day)
		if milestoneDays[m] == "" {
			w.null("due_on")
		} else {
			w.str("due_on", milestoneDays[m])
		}
		w.null("closed_at")
	})
}

func (h *Hub) kind(w *writer, t int) {
	w.object(func() {
		w.int("id", 24_000_000+int64(t))
		w.str("node_id", node("IT_kwDO", 24_000_000+int64(t)))
		w.str("name", types[t])
		w.str("description", "What is a "+strings.ToLower(types[t]))
		w.str("color", []string{"gray", "red", "blue", "yellow"}[t])
		w.when("created_at", h.o.Now.Unix()-year)
		w.when("updated_at", h.o.Now.Unix()-year)
		w.bool("is_enabled", true)
	})
}

func (f face) repo(r *repo) string { return f.api + "/repos/" + r.full() }

// place is the last part of an issue's web address.
func place(is *issue) string {
	if is.pull {
		return "pull/" + itoa(int64(is.number))
	}
	return "issues/" + itoa(int64(is.number))
}

// issue writes an issue. A search adds a score.
func (h *Hub) issue(w *writer, f face, is *issue, search bool) {
	r, s := is.repo, h.state(is)
	api := f.repo(r) + "/issues/" + itoa(int64(is.number))
	who := set(s.assignees)
	w.object(func() {
		w.str("url", api)
		w.str("repository_url", f.repo(r))
		w.str("labels_url", api+"/labels{/name}")
		w.str("comments_url", api+"/comments")
		w.str("events_url", api+"/events")
		w.str("html_url", f.web+"/"+r.full()+"/"+place(is))
		w.int("id", is.id)
		w.str("node_id", h.issueNode(is))
		w.int("number", int64(is.number))
		w.str("title", title(is, s.title))
		w.key("user")
		f.person(w, int(is.seed%uint64(len(people))))
		w.arr("labels", func() {
			for _, l := range s.order {
				f.label(w, r, int(l))
			}
		})
		w.str("state", s.name())
		w.bool("locked", false)
		w.key("assignee")
		if len(who) == 0 {
			w.word("null")
		} else {
			f.person(w, who[0])
		}
		w.arr("assignees", func() {
			for _, p := range who {
				f.person(w, p)
			}
		})
		w.key("milestone")
		if s.milestone == 0 {
			w.word("null")
		} else {
			h.milestone(w, f, r, int(s.milestone))
		}
		w.int("comments", int64(s.comments))
		w.when("created_at", is.created)
		w.when("updated_at", is.updated)
		if s.closed {
			w.when("closed_at", s.closedAt)
		} else {
			w.null("closed_at")
		}
		w.str("author_association", "CONTRIBUTOR")
		if is.pull {
			w.bool("draft", false)
			pull := f.repo(r) + "/pulls/" + itoa(int64(is.number))
			web := f.web + "/" + r.full() + "/" + place(is)
			w.obj("pull_request", func() {
				w.str("url", pull)
				w.str("html_url", web)
				w.str("diff_url", web+".diff")
				w.str("patch_url", web+".patch")
				w.null("merged_at")
			})
		} else {
			w.key("type")
			if s.kind == 0 {
				w.word("null")
			} else {
				h.kind(w, int(s.kind))
			}
			h.family(w, f, is)
		}
		w.null("active_lock_reason")
		w.strOrNull("body", body(is))
		if s.closed && !search {
			w.key("closed_by")
			f.person(w, int(s.closedBy))
		}
		w.obj("reactions", func() {
			w.str("url", api+"/reactions")
			for _, name := range reactions {
				w.int(name, 0)
			}
		})
		w.str("timeline_url", api+"/timeline")
		w.null("performed_via_github_app")
		w.strOrNull("state_reason", h.reason(s))
		if search {
			w.key("score")
			w.word("1.0")
		}
	})
}

var reactions = []string{"total_count", "+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"}

// reason is state_reason: of an open issue null, or reopened, as it was closed before.
func (h *Hub) reason(s *state) string {
	if !s.closed && s.closings > 0 {
		return "reopened"
	}
	return reasons[s.reason]
}

// family writes what an issue says of its parts and of what it is a part of.
func (h *Hub) family(w *writer, f face, is *issue) {
	total, done := int64(0), int64(0)
	if c := child(is); c != nil && !c.gone {
		if total = 1; h.state(c).closed {
			done = 1
		}
	}
	w.obj("sub_issues_summary", func() {
		w.int("total", total)
		w.int("completed", done)
		w.int("percent_completed", done*100)
	})
	if p := parent(is); p != nil && !p.gone {
		w.str("parent_issue_url", f.repo(p.repo)+"/issues/"+itoa(int64(p.number)))
	}
	w.obj("issue_dependencies_summary", func() {
		for _, name := range []string{"blocked_by", "total_blocked_by", "blocking", "total_blocking"} {
			w.int(name, 0)
		}
	})
}

func (h *Hub) issueNode(is *issue) string {
	if is.pull {
		return node("PR_kwDO", is.id)
	}
	return node("I_kwDO", is.id)
}

// links are the addresses that a repository names.
var links = [][2]string{
	{"archive", "/{archive_format}{/ref}"}, {"assignees", "/assignees{/user}"}, {"blobs", "/git/blobs{/sha}"},
	{"branches", "/branches{/branch}"}, {"collaborators", "/collaborators{/collaborator}"}, {"comments", "/comments{/number}"},
	{"commits", "/commits{/sha}"}, {"compare", "/compare/{base}...{head}"}, {"contents", "/contents/{+path}"},
	{"contributors", "/contributors"}, {"deployments", "/deployments"}, {"downloads", "/downloads"}, {"events", "/events"},
	{"forks", "/forks"}, {"git_commits", "/git/commits{/sha}"}, {"git_refs", "/git/refs{/sha}"}, {"git_tags", "/git/tags{/sha}"},
	{"hooks", "/hooks"}, {"issue_comment", "/issues/comments{/number}"}, {"issue_events", "/issues/events{/number}"},
	{"issues", "/issues{/number}"}, {"keys", "/keys{/key_id}"}, {"labels", "/labels{/name}"}, {"languages", "/languages"},
	{"merges", "/merges"}, {"milestones", "/milestones{/number}"},
	{"notifications", "/notifications{?since,all,participating}"}, {"pulls", "/pulls{/number}"}, {"releases", "/releases{/id}"},
	{"stargazers", "/stargazers"}, {"statuses", "/statuses/{sha}"}, {"subscribers", "/subscribers"},
	{"subscription", "/subscription"}, {"tags", "/tags"}, {"teams", "/teams"}, {"trees", "/git/trees{/sha}"},
}

// repository writes a repository with all that the description requires of it.
func (h *Hub) repository(w *writer, f face, r *repo, full bool) {
	api := f.repo(r)
	w.object(func() {
		w.int("id", r.id)
		w.str("node_id", node("R_kgDO", r.id))
		w.str("name", r.name)
		w.str("full_name", r.full())
		w.bool("private", h.o.Token != "")
		w.key("owner")
		h.owner(w, f, r.owner)
		w.str("html_url", f.web+"/"+r.full())
		w.null("description")
		w.bool("fork", false)
		w.str("url", api)
		for _, u := range links {
			w.str(u[0]+"_url", api+u[1])
		}
		w.str("git_url", "git:"+strings.TrimPrefix(f.web, "https:")+"/"+r.full()+".git")
		w.str("ssh_url", "git@github.com:"+r.full()+".git")
		w.str("clone_url", f.web+"/"+r.full()+".git")
		w.str("svn_url", f.web+"/"+r.full())
		w.null("mirror_url")
		w.null("homepage")
		w.str("language", "Go")
		for _, n := range []string{"forks_count", "forks", "stargazers_count", "watchers_count", "watchers", "size"} {
			w.int(n, 0)
		}
		w.str("default_branch", "main")
		w.int("open_issues_count", int64(len(r.issues)))
		w.int("open_issues", int64(len(r.issues)))
		w.bool("has_issues", !h.disabled(r))
		for _, n := range []string{"has_projects", "has_wiki", "has_downloads"} {
			w.bool(n, true)
		}
		for _, n := range []string{"has_pages", "has_discussions", "archived", "disabled"} {
			w.bool(n, false)
		}
		w.str("visibility", "private")
		w.null("license")
		w.when("pushed_at", h.o.Now.Unix()-day)
		w.when("created_at", h.o.Now.Unix()-4*year)
		w.when("updated_at", h.o.Now.Unix()-day)
		w.obj("permissions", func() {
			for _, n := range []string{"admin", "maintain", "push", "triage"} {
				w.bool(n, false)
			}
			w.bool("pull", true)
		})
		if full {
			w.int("network_count", 0)
			w.int("subscribers_count", 1)
			w.key("organization")
			h.owner(w, f, r.owner)
		}
	})
}
