package main

// People: the team with its absences and rota, its manager, the support desk, the customers, and the
// machines that act in the trackers.

import "strconv"

// account is somebody, or something, that acts in a tracker or is called by the pager.
type account struct {
	id    string // the policy's, for members of the team
	name  string
	jira  string // Jira Cloud account id
	kind  string // Jira's accountType: atlassian, customer, app
	login string // on the code host
	pager string // the pager's user id
	num   int    // the code host's number of the account
}

// member is an account that does the work.
type member struct {
	*account
	from, until string // local dates, "" for always
	absent      [][2]string
	knows       []string // services they are asked about first

	mine   []*item // started and not done
	now    *item   // what is on the desk
	busy   int64   // at a fire until then
	rested int64   // works again from then on, after a night at a fire
}

func person(id, name, login, jira, pager string, num int) *account {
	return &account{id: id, name: name, jira: jira, kind: "atlassian", login: login, pager: pager, num: num}
}

var (
	helen  = person("", "Helen Marsh", "hmarsh", "557058:8c1f3a52-0e4b-4d6f-9a77-2b9d0f6e1a01", "PHM31QX", 20410007)
	priya  = person("", "Priya Nair", "pnair", "557058:b1e06d17-93a2-4f55-8a0e-6f4c8d2b7a02", "", 0)
	gus    = person("", "Gus Oyelaran", "goyelaran", "557058:0d94c7be-2f61-4c3b-b5d8-91e7a3f05c03", "", 0)
	chloe  = person("", "Chloe Bennett", "cbennett", "557058:6a27f9d3-5c18-47ea-8e42-d03b9c61fa04", "", 0)
	robot  = &account{name: "Automation for Jira", jira: "557058:f58131cb-b67d-43c7-b30d-6b58d40bd077", kind: "app"}
	pagerd = &account{name: "PagerDuty", jira: "557058:3e9c41d7-a8f2-4b06-9d15-7c20e8b4f6a5", kind: "app"}
	ci     = &account{name: "github-actions[bot]", login: "github-actions[bot]", num: 41898282}
)

// desk is who speaks with customers.
var desk = []*account{priya, gus, chloe}

// newTeam is the team over the whole story.
func newTeam() []*member {
	return []*member{
		{account: person("maya", "Maya Lindqvist", "mlindqvist", "5e2f1c0a9b7e4a0e61c1d201", "PML4R2Q", 20410011), knows: []string{"gateway", "db"},
			absent: [][2]string{{"2025-08-18", "2025-08-29"}, {"2025-12-22", "2025-12-31"}, {"2026-04-06", "2026-04-10"}, {"2026-08-03", "2026-08-14"}}},
		{account: person("tomas", "Tomas Okafor", "tokafor", "5e2f1c0a9b7e4a0e61c1d202", "PTO9K3W", 20410012), knows: []string{"fax", "sms", "pharmacy"},
			absent: [][2]string{{"2025-06-23", "2025-07-03"}, {"2025-12-29", "2026-01-02"}, {"2026-07-06", "2026-07-17"}}},
		{account: person("ravi", "Ravi Menon", "ravim", "5e2f1c0a9b7e4a0e61c1d203", "PRM7B5T", 20410013), knows: []string{"checkout", "menu"},
			absent: [][2]string{{"2025-10-20", "2025-10-24"}, {"2026-02-23", "2026-03-06"}, {"2026-09-08", "2026-09-11"}}},
		{account: person("ines", "Ines Duarte", "inesduarte", "5e2f1c0a9b7e4a0e61c1d204", "PID2H8C", 20410014), knows: []string{"api", "webhooks"},
			absent: [][2]string{{"2025-07-21", "2025-08-01"}, {"2025-12-22", "2025-12-26"}, {"2026-06-15", "2026-06-26"}}},
		{account: person("jonah", "Jonah Whitfield", "jwhit", "5e2f1c0a9b7e4a0e61c1d205", "PJW6N1D", 20410015), until: "2025-12-20", knows: []string{"portal", "reports"},
			absent: [][2]string{{"2025-09-22", "2025-09-26"}}},
		{account: person("owen", "Owen Brandt", "owenbrandt", "5e2f1c0a9b7e4a0e61c1d206", "POB8V4J", 20410016), knows: []string{"scheduler", "menu", "reports"},
			absent: [][2]string{{"2025-08-04", "2025-08-08"}, {"2026-03-16", "2026-03-20"}, {"2026-07-20", "2026-07-31"}}},
		{account: person("lena", "Lena Hartmann", "lhartmann", "5e2f1c0a9b7e4a0e61c1d207", "PLH5X9S", 20410017), from: "2025-09-01", knows: []string{"api", "pharmacy", "checkout"},
			absent: [][2]string{{"2025-12-22", "2026-01-02"}, {"2026-05-11", "2026-05-15"}, {"2026-10-05", "2026-10-09"}}},
		{account: person("samira", "Samira Haddad", "samirah", "5e2f1c0a9b7e4a0e61c1d208", "PSH1Z6M", 20410018), from: "2026-02-02", knows: []string{"portal", "webhooks", "gateway"},
			absent: [][2]string{{"2026-08-17", "2026-08-21"}}},
	}
}

// employed says whether the member belongs to the team on a local date.
func (m *member) employed(date string) bool {
	return (m.from == "" || date >= m.from) && (m.until == "" || date < m.until)
}

// away says whether the member is absent on a local date.
func (m *member) away(date string) bool {
	for _, a := range m.absent {
		if a[0] <= date && date <= a[1] {
			return true
		}
	}
	return false
}

// turns are the versions of the rota: from a Monday on, these people one after the other, a week each,
// handed over at ten. The sidekick is whoever is next.
var turns = []struct {
	start string
	order []string
}{
	{secondOnCall, []string{"maya", "tomas", "ravi", "ines", "owen"}},
	{"2025-10-13", []string{"maya", "tomas", "lena", "ravi", "ines", "owen"}},
	{"2026-03-09", []string{"maya", "tomas", "samira", "ravi", "lena", "ines", "owen"}},
}

// onDuty is who is called at t: a superhero and a sidekick. Nobody is put on call in a week that they
// are away: the next in turn steps in. Before there was a rota, the three seniors were all called at
// once.
func (w *world) onDuty(t int64) (called []*member) {
	if t < w.cal.at(secondOnCall+" 10:00") {
		return w.named("maya", "tomas", "ravi")
	}
	handed := w.cal.day(t - 10*hour)
	turn := turns[0]
	for _, x := range turns {
		if handed >= x.start {
			turn = x
		}
	}
	week := daysBetween(turn.start, handed) / 7
	monday := w.cal.addDays(turn.start, week*7)
	for i := 0; len(called) < 2 && i < len(turn.order); i++ {
		m := w.named(turn.order[(week+i)%len(turn.order)])[0]
		if !m.awayIn(monday, w.cal.addDays(monday, 4)) {
			called = append(called, m)
		}
	}
	return called
}

// awayIn says whether the member is absent on any day from one local date to another.
func (m *member) awayIn(from, to string) bool {
	for _, a := range m.absent {
		if a[0] <= to && from <= a[1] {
			return true
		}
	}
	return false
}

func (w *world) named(ids ...string) (ms []*member) {
	for _, id := range ids {
		for _, m := range w.team {
			if m.id == id {
				ms = append(ms, m)
			}
		}
	}
	return ms
}

// present says whether a member is at work at t: within their own hours of a working day, with half
// an hour for lunch.
func (w *world) present(m *member, t int64) bool {
	l := w.cal.local(t)
	if !w.cal.workday(l) || t < m.rested {
		return false
	}
	date := l.Format("2006-01-02")
	if !m.employed(date) || m.away(date) {
		return false
	}
	r := stream(m.id + date)
	from := 8*60 + 50 + r.below(4)*10
	to := from + 8*60 + r.below(4)*10
	lunch := 11*60 + 50 + r.below(6)*10
	x := l.Hour()*60 + l.Minute()
	return x >= from && x < to && !(x >= lunch && x < lunch+30)
}

// customer is a restaurant or a pharmacy that takes its orders through the product, with the account of
// whoever writes to support from there.
type customer struct {
	id   int
	name string
	who  *account
}

var customerNames = []string{
	"Bella Notte Trattoria", "Harbor Street Pharmacy", "Golden Wok Group", "Pho Saigon 88", "Corner Apothecary",
	"Taquería El Faro", "Northside Drugs", "Blue Heron Café", "Marlow & Sons Deli", "St. Anne's Pharmacy",
	"Kebab Corner", "Fork & Ladle", "Lakeview Compounding", "Sushi Hanami", "The Copper Pot",
	"Riverside Health Pharmacy", "Pizza Peppe", "Mama Njoku's Kitchen", "Green Bowl Salads", "Eastgate Pharmacy",
	"Smokehouse 12", "Le Petit Four", "Union Square Diner", "Dumpling House", "Hollis Drug Store",
	"Casa Verde", "Rosewood Bistro", "Wellspring Pharmacy", "Burger Republic", "Spice Route",
	"Old Mill Bakery", "Pierce County Pharmacy",
}

var customerPeople = []string{
	"Giulia Ferro", "Anthony Park", "Wei Chen", "Linh Tran", "Deborah Sykes", "Mateo Ruiz", "Karen Holt", "Elodie Martin",
	"Sam Marlow", "Sister Bernadette", "Yusuf Demir", "Hannah Boyle", "Raj Patel", "Kenji Mori", "Tess Alvarez",
	"Noor Rahman", "Peppe Esposito", "Adaeze Njoku", "Kim Larsen", "Victor Hale", "Dwayne Carter", "Claire Dubois",
	"Stella Moss", "Lily Zhang", "Walter Hollis", "Rosa Jimenez", "Beth Quinn", "Omar Said", "Jake Turner", "Anita Rao",
	"Martha Mill", "Colin Pierce",
}

func newCustomers() []customer {
	var all []customer
	for i, name := range customerNames {
		all = append(all, customer{id: 10200 + i, name: name, who: &account{
			name: customerPeople[i], kind: "customer", jira: "qm:5b0c3f1e-" + strconv.Itoa(4100+i*7) + "-4d22-9f0e-a1c5d7e9" + strconv.Itoa(1000+i*13),
		}})
	}
	return all
}
