package fakejira

// The fields of an issue, and the list of all fields.

import (
	"slices"
	"strconv"
	"strings"
)

// The custom fields. Their ids differ from site to site; these are ones that were seen.
const (
	rankField     = "customfield_10019"
	sprintField   = "customfield_10020"
	flagged       = "customfield_10021"
	pointsTeam    = "customfield_10016" // of team-managed projects
	pointsCompany = "customfield_10036"
	severity      = "customfield_10042"
	severityText  = "customfield_10043" // of the same name, and not the same
	toResolution  = "customfield_10050"
	toResponse    = "customfield_10051"
	impact        = "customfield_10060"
	owner         = "customfield_10061"
)

// field is one field that an issue has.
type field struct {
	id, name, zh   string
	kind, of, made string // schema: type, items, and of a custom field its maker
	clause         string // what JQL calls it, where that is another name
	hidden         bool   // not navigable: only where it is asked for by name, or all are
	write          func(*writer, *issue)
}

var fields = []field{
	{id: "summary", name: "Summary", zh: "摘要", kind: "string", write: func(w *writer, is *issue) { w.quote(w.s.title(is)) }},
	{id: "issuetype", name: "Issue Type", zh: "事务类型", kind: "issuetype", clause: "type", write: func(w *writer, is *issue) { w.raw(w.s.words.types[w.v][is.kind]) }},
	{id: "project", name: "Project", zh: "项目", kind: "project", write: func(w *writer, is *issue) { w.raw(w.s.words.projects[w.v][is.project]) }},
	{id: "status", name: "Status", zh: "状态", kind: "status", write: func(w *writer, is *issue) { w.raw(w.s.words.statuses[w.v][is.status]) }},
	{id: "statuscategorychangedate", name: "Status Category Changed", zh: "状态类别已更改", kind: "datetime", write: func(w *writer, is *issue) { w.at(is.statusSince) }},
	{id: "priority", name: "Priority", zh: "优先级", kind: "priority", write: func(w *writer, is *issue) { w.oneOf(w.s.words.priorities[w.v], is.priority) }},
	{id: "resolution", name: "Resolution", zh: "解决结果", kind: "resolution", write: func(w *writer, is *issue) { w.oneOf(w.s.words.resolutions[w.v], is.resolution) }},
	{id: "resolutiondate", name: "Resolved", zh: "已解决", kind: "datetime", clause: "resolved", write: func(w *writer, is *issue) { w.atOrNull(is.resolved) }},
	{id: "created", name: "Created", zh: "已创建", kind: "datetime", write: func(w *writer, is *issue) { w.at(is.created) }},
	{id: "updated", name: "Updated", zh: "已更新", kind: "datetime", write: (*writer).updated},
	{id: "duedate", name: "Due date", zh: "到期日", kind: "date", clause: "due", write: func(w *writer, is *issue) {
		if is.due == 0 {
			w.raw("null")
			return
		}
		w.quote(dayOf(is.due))
	}},
	{id: "reporter", name: "Reporter", zh: "报告人", kind: "user", write: func(w *writer, is *issue) { w.person(is.reporter) }},
	{id: "creator", name: "Creator", zh: "创建者", kind: "user", write: func(w *writer, is *issue) { w.person(is.reporter) }},
	{id: "assignee", name: "Assignee", zh: "经办人", kind: "user", write: func(w *writer, is *issue) { w.person(is.assignee) }},
	{id: "labels", name: "Labels", zh: "标签", kind: "array", of: "string", write: (*writer).labels},
	{id: "components", name: "Components", zh: "组件", kind: "array", of: "component", clause: "component", write: func(w *writer, is *issue) { w.some(w.s.words.components[w.v], is.components) }},
	{id: "fixVersions", name: "Fix versions", zh: "修复版本", kind: "array", of: "version", clause: "fixVersion", write: func(w *writer, is *issue) { w.some(w.s.words.versions[w.v], is.versions) }},
	{id: "description", name: "Description", zh: "描述", kind: "string", write: (*writer).description},
	{id: "environment", name: "Environment", zh: "环境", kind: "string", write: func(w *writer, _ *issue) { w.raw("null") }},
	{id: "issuelinks", name: "Linked Issues", zh: "已链接的事务", kind: "array", of: "issuelinks", clause: "issueLink", write: (*writer).links},
	{id: "parent", name: "Parent", zh: "父级", kind: "issuelink", write: (*writer).parent},
	{id: "subtasks", name: "Sub-tasks", zh: "子任务", kind: "array", of: "issuelinks", write: func(w *writer, _ *issue) { w.raw("[]") }},
	{id: "timespent", name: "Time Spent", zh: "耗费时间", kind: "number", write: (*writer).timeSpent},
	{id: "comment", name: "Comment", zh: "评论", kind: "comments-page", hidden: true, write: func(w *writer, is *issue) {
		limit := 20 // on Cloud, as far as is known; Data Center gives all
		if !w.s.opt.Cloud {
			limit = len(is.comments)
		}
		w.comments(is, 0, limit, false)
	}},
	{id: "worklog", name: "Log Work", zh: "工作日志", kind: "array", of: "worklog", hidden: true, write: func(w *writer, is *issue) { w.worklogs(is, 0, 20) }},

	{id: pointsTeam, name: "Story point estimate", zh: "故事点估算", kind: "number", made: "com.pyxis.greenhopper.jira:jsw-story-points", write: func(w *writer, is *issue) { w.points(is, is.project == web) }},
	{id: rankField, name: "Rank", zh: "排名", kind: "any", made: "com.pyxis.greenhopper.jira:gh-lexo-rank", write: func(w *writer, is *issue) { w.quote("0|i" + strconv.FormatInt(is.id, 36) + ":") }},
	{id: sprintField, name: "Sprint", zh: "冲刺", kind: "array", of: "json", made: "com.pyxis.greenhopper.jira:gh-sprint", write: (*writer).sprint},
	{id: flagged, name: "Flagged", zh: "已标记", kind: "array", of: "option", made: "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes", write: func(w *writer, _ *issue) { w.raw("null") }},
	{id: pointsCompany, name: "Story Points", zh: "Story Points", kind: "number", made: "com.atlassian.jira.plugin.system.customfieldtypes:float", write: func(w *writer, is *issue) { w.points(is, is.project != web) }},
	{id: severity, name: "Severity", zh: "严重程度", kind: "option", made: "com.atlassian.jira.plugin.system.customfieldtypes:select", write: (*writer).severity},
	{id: severityText, name: "Severity", zh: "严重程度", kind: "string", made: "com.atlassian.jira.plugin.system.customfieldtypes:textfield", write: func(w *writer, is *issue) {
		if is.n%9 != 4 {
			w.raw("null")
			return
		}
		w.quote("quite severe")
	}},
	{id: toResolution, name: "Time to resolution", zh: "解决时间", kind: "sd-servicelevelagreement", made: "com.atlassian.servicedesk:sd-sla-field", write: (*writer).slaResolution},
	{id: toResponse, name: "Time to first response", zh: "首次响应时间", kind: "sd-servicelevelagreement", made: "com.atlassian.servicedesk:sd-sla-field", write: (*writer).slaResponse},
	{id: impact, name: "Impact", zh: "影响", kind: "string", made: "com.atlassian.jira.plugin.system.customfieldtypes:textarea", write: func(w *writer, is *issue) {
		if is.n%6 != 1 {
			w.raw("null")
			return
		}
		w.text(w.s.dice(is.n, forText)+9, 1)
	}},
	{id: owner, name: "Business owner", zh: "业务负责人", kind: "user", made: "com.atlassian.jira.plugin.system.customfieldtypes:userpicker", write: func(w *writer, is *issue) { w.person(is.n%(team+1) - 1) }},
}

// wanted are the fields that a request names, as numbers of fields. Jira passes over names that it does
// not know.
func wanted(names []string) []int {
	var set [64]bool
	all := func(hidden bool) {
		for i, f := range fields {
			set[i] = set[i] || hidden || !f.hidden
		}
	}
	for i, name := range names {
		switch {
		case name == "*all":
			all(true)
		case name == "*navigable":
			all(false)
		case strings.HasPrefix(name, "-"):
			if i == 0 {
				all(false)
			}
			if k := fieldNumber(name[1:]); k >= 0 {
				set[k] = false
			}
		default:
			if k := fieldNumber(name); k >= 0 {
				set[k] = true
			}
		}
	}
	var list []int
	for i := range fields {
		if set[i] {
			list = append(list, i)
		}
	}
	return list
}

func fieldNumber(id string) int {
	return slices.IndexFunc(fields, func(f field) bool { return f.id == id })
}

func (s *Site) fieldName(f field) string {
	if s.words.zh {
		return f.zh
	}
	return f.name
}

// listFields is every field: those of an issue, and its key, which is none.
func (s *Site) listFields(q *request) (int, []byte) {
	w := s.writer(q)
	w.raw(`[{"id":"issuekey","key":"issuekey","name":"Key","custom":false,"orderable":false,"navigable":true,"searchable":false,"clauseNames":["id","issue","issuekey","key"]}`)
	for _, f := range fields {
		w.raw(`,{"id":`)
		w.quote(f.id)
		if s.opt.Cloud {
			w.name("key")
			w.quote(f.id)
		}
		w.name("name")
		w.quote(s.fieldName(f))
		w.raw(`,"custom":`)
		w.bool(f.made != "")
		w.raw(`,"orderable":true,"navigable":`)
		w.bool(!f.hidden)
		w.raw(`,"searchable":true,"clauseNames":[`)
		if number, ok := strings.CutPrefix(f.id, "customfield_"); ok {
			w.quote("cf[" + number + "]")
			w.raw(",")
			w.quote(s.fieldName(f))
		} else if f.clause != "" {
			w.quote(f.clause)
		} else {
			w.quote(f.id)
		}
		w.raw(`],"schema":`)
		w.schema(f)
		w.raw("}")
	}
	w.raw("]")
	return w.done()
}

func (w *writer) schema(f field) {
	w.raw(`{"type":`)
	w.quote(f.kind)
	if f.of != "" {
		w.name("items")
		w.quote(f.of)
	}
	if f.made == "" {
		w.name("system")
		w.quote(f.id)
	} else {
		w.name("custom")
		w.quote(f.made)
		w.name("customId")
		w.raw(strings.TrimPrefix(f.id, "customfield_"))
	}
	w.raw("}")
}
