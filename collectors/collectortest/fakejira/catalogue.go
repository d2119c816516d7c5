package fakejira

// What a site has besides issues: projects, people, statuses, priorities, types, resolutions. The names
// and ids are those that Jira ships with, where it does; the Chinese ones are of a recorded site.

import (
	"fmt"
	"net/url"
	"strconv"
)

type status struct {
	id, name, zh string
	category     int  // of categories
	gone         bool // deleted: histories name it, the list of statuses does not
}

const (
	open = iota
	inProgress
	waiting
	inReview
	done
	closed
	reopened
	triage
	parked
)

var statuses = []status{
	open:       {"1", "Open", "打开", 0, false},
	inProgress: {"3", "In Progress", "处理中", 1, false},
	waiting:    {"10001", "Waiting for customer", "等待客户", 1, false},
	inReview:   {"10003", "In Review", "评审中", 1, false},
	done:       {"10002", "Done", "已完成", 2, false},
	closed:     {"6", "Closed", "已关闭", 2, false},
	reopened:   {"4", "Reopened", "重新打开", 0, false},
	triage:     {"10009", "Triage", "分类", 0, true},
	parked:     {"10010", "Parked", "搁置", 3, false},
}

// ways are where a status leads, the likelier ones repeated.
var ways = [][]int{
	open:       {inProgress, inProgress, inProgress, inProgress, waiting, parked, done},
	inProgress: {inReview, inReview, waiting, done, done, open},
	waiting:    {inProgress, inProgress, done},
	inReview:   {done, done, inProgress},
	done:       {closed, closed, reopened},
	closed:     {reopened},
	reopened:   {inProgress, inProgress, done},
	triage:     {open},
	parked:     {open},
}

// categories are fixed on every site: only their names are translated.
var categories = []struct {
	id                   int
	key, name, zh, color string
}{
	{2, "new", "To Do", "待办", "blue-gray"},
	{4, "indeterminate", "In Progress", "正在进行", "yellow"},
	{3, "done", "Done", "完成", "green"},
	{1, "undefined", "No Category", "无类别", "medium-gray"},
}

func (st status) done() bool { return categories[st.category].key == "done" }

type named struct{ id, name, zh string }

var priorities = []named{
	{"1", "Highest", "最高"}, {"2", "High", "高"}, {"3", "Medium", "中"}, {"4", "Low", "低"}, {"5", "Lowest", "最低"}, {"6", "None", "None"},
}

var types = []named{
	{"10001", "Story", "故事"}, {"10002", "Bug", "缺陷"}, {"10003", "Task", "任务"}, {"10004", "Sub-task", "子任务"},
	{"10006", "Service Request", "服务请求"}, {"10005", "Epic", "长篇故事"},
}

const subtask = 3 // of types

var resolutions = []named{{"10000", "Done", "完成"}, {"10001", "Won't Do", "不做"}, {"10002", "Duplicate", "重复"}}

// projects get six, three and one of ten issues. SUP is a service project, WEB a team-managed one.
var projects = []struct{ id, key, name, kind string }{
	{"10000", "SUP", "Support", "service_desk"},
	{"10001", "OPS", "Operations", "software"},
	{"10002", "WEB", "Web shop", "software"},
}

const (
	sup = iota
	ops
	web
)

// inbox is the project from which some issues moved. It exists no more.
const inbox = "INB"

// people are whoever touches an issue. The last one is an app.
var people = []struct{ account, key, name, display string }{
	{"5b10a2844c20165700ede201", "JIRAUSER10101", "aruiz", "Ana Ruiz"},
	{"5b10a2844c20165700ede202", "JIRAUSER10102", "bli", "Bo Li"},
	{"5b10a2844c20165700ede203", "JIRAUSER10103", "cmeyer", "Clara Meyer"},
	{"5b10a2844c20165700ede204", "dsingh", "dsingh", "Dev Singh"},
	{"5b10a2844c20165700ede205", "JIRAUSER10105", "eó", "Eoghan Ó Sé"},
	{"557058:887ce97e-9fbd-4873-8b09-669ce3b1e696", "JIRAUSER10106", "fito", "Fumiko Itō"},
	{"qm:2e5f8a1c-0f7a-4a8e-9c0e-7d7f5f2b3a11:5d4e", "JIRAUSER10107", "customer", "Gus, a customer"},
	{"557058:f58131cb-b67d-43c7-b30d-6b58d40bd077", "JIRAUSER10108", "automation", "Automation for Jira"},
}

const (
	team      = 6 // the first of people
	customer  = 6
	automaton = 7
)

var (
	labelNames     = []string{"regression", "customer", "urgent", "sev1", "tech-debt", "security", "flaky", "naïve"}
	componentNames = []named{{"10100", "Orders", ""}, {"10101", "Payments", ""}, {"10102", "Search & browse", ""}}
	versionNames   = []named{{"10200", "2026.10", ""}, {"10201", "2026.11", ""}, {"10202", "2026.12", ""}}
	versionDates   = []string{`,"releaseDate":"2026-10-06","userReleaseDate":"06/Oct/26"`, `,"startDate":"2026-10-07","releaseDate":"2026-11-17"`, ""} // of the last nobody knows yet
	severityNames  = []named{{"10300", "S1", ""}, {"10301", "S2", ""}, {"10302", "S3", ""}, {"10303", "S4", ""}}
)

// wording is the catalogue as it is written in answers, for v2 and v3: their addresses differ.
type wording struct {
	zh                                          bool
	people, statuses, priorities, types         [2][]string
	resolutions, projects                       [2][]string
	components, versions, severities            [2][]string
	statusNames, priorityNames, typeNames, dead []string
}

func (n named) in(zh bool) string {
	if zh && n.zh != "" {
		return n.zh
	}
	return n.name
}

func newWording(o Options) *wording {
	w := &wording{zh: o.Locale == "zh_CN"}
	for v := range 2 {
		api := o.URL + "/rest/api/" + strconv.Itoa(v+2)
		for i, p := range people {
			w.people[v] = append(w.people[v], person(o, api, i, p.account, p.key, p.name, p.display))
		}
		for _, st := range statuses {
			name, category := st.name, categories[st.category]
			if w.zh {
				name, category.name = st.zh, category.zh
			}
			w.statuses[v] = append(w.statuses[v], fmt.Sprintf(`{"self":%q,"description":"","iconUrl":%q,"name":%q,"id":%q,"statusCategory":{"self":%q,"id":%d,"key":%q,"colorName":%q,"name":%q}}`,
				api+"/status/"+st.id, o.URL+"/images/icons/statuses/generic.png", name, st.id, api+"/statuscategory/"+strconv.Itoa(category.id), category.id, category.key, category.color, category.name))
			if v == 0 {
				w.statusNames = append(w.statusNames, name)
			}
		}
		for _, p := range priorities {
			w.priorities[v] = append(w.priorities[v], fmt.Sprintf(`{"self":%q,"iconUrl":%q,"name":%q,"id":%q}`, api+"/priority/"+p.id, o.URL+"/images/icons/priorities/"+p.id+".svg", p.in(w.zh), p.id))
		}
		for i, t := range types {
			level := 0
			if i == subtask {
				level = -1
			} else if t.name == "Epic" {
				level = 1
			}
			extra := ""
			if o.Cloud {
				extra = fmt.Sprintf(`,"avatarId":%d,"hierarchyLevel":%d`, 10315+i, level)
			}
			w.types[v] = append(w.types[v], fmt.Sprintf(`{"self":%q,"id":%q,"description":"","iconUrl":%q,"name":%q,"subtask":%t%s}`,
				api+"/issuetype/"+t.id, t.id, o.URL+"/secure/viewavatar?size=medium&avatarType=issuetype", t.in(w.zh), i == subtask, extra))
		}
		for _, r := range resolutions {
			w.resolutions[v] = append(w.resolutions[v], fmt.Sprintf(`{"self":%q,"id":%q,"description":"","name":%q}`, api+"/resolution/"+r.id, r.id, r.in(w.zh)))
		}
		for _, p := range projects {
			simplified := ""
			if o.Cloud {
				simplified = fmt.Sprintf(`,"simplified":%t`, p.key == "WEB")
			}
			w.projects[v] = append(w.projects[v], fmt.Sprintf(`{"self":%q,"id":%q,"key":%q,"name":%q,"projectTypeKey":%q%s,"avatarUrls":%s}`,
				api+"/project/"+p.id, p.id, p.key, p.name, p.kind, simplified, avatars(o.URL+"/secure/projectavatar?pid="+p.id)))
		}
		for _, c := range componentNames {
			w.components[v] = append(w.components[v], fmt.Sprintf(`{"self":%q,"id":%q,"name":%q}`, api+"/component/"+c.id, c.id, c.name))
		}
		for i, f := range versionNames {
			w.versions[v] = append(w.versions[v], fmt.Sprintf(`{"self":%q,"id":%q,"description":"","name":%q,"archived":false,"released":%t%s}`, api+"/version/"+f.id, f.id, f.name, i == 0, versionDates[i]))
		}
		for _, y := range severityNames {
			w.severities[v] = append(w.severities[v], fmt.Sprintf(`{"self":%q,"value":%q,"id":%q}`, api+"/customFieldOption/"+y.id, y.name, y.id))
		}
	}
	for _, p := range priorities {
		w.priorityNames = append(w.priorityNames, p.in(w.zh))
	}
	for _, t := range types {
		w.typeNames = append(w.typeNames, t.in(w.zh))
	}
	return w
}

// person writes a user: by account on Cloud, which shows no mail addresses, and by key and name on Data
// Center.
func person(o Options, api string, i int, account, key, name, display string) string {
	pictures := avatars("https://secure.gravatar.com/avatar/f1e7dd8eadd9170aff5df20da45c849" + strconv.Itoa(i) + "?d=mm")
	if !o.Cloud {
		return fmt.Sprintf(`{"self":%q,"name":%q,"key":%q,"emailAddress":%q,"avatarUrls":%s,"displayName":%q,"active":%t,"timeZone":"Europe/Madrid"}`,
			api+"/user?username="+url.QueryEscape(name), name, key, "p"+strconv.Itoa(i)+"@acme.example", pictures, display, i != 3)
	}
	kind := "atlassian"
	switch i {
	case customer:
		kind = "customer"
	case automaton:
		kind = "app"
	}
	return fmt.Sprintf(`{"self":%q,"accountId":%q,"avatarUrls":%s,"displayName":%q,"active":%t,"timeZone":"Etc/UTC","accountType":%q}`,
		api+"/user?accountId="+url.QueryEscape(account), account, pictures, display, i != 3, kind)
}

func avatars(base string) string {
	return fmt.Sprintf(`{"48x48":%q,"24x24":%q,"16x16":%q,"32x32":%q}`, base+"&s=48", base+"&s=24", base+"&s=16", base+"&s=32")
}
