package main

// The incidents that the postmortems tell, minute by minute. All times are New York's.

var scenes = []scene{
	{
		n: 143, kind: "Incident", priority: "Major", service: "gateway", by: "pager", channel: "pager", labels: "restart", at: "2025-06-13 19:06",
		title: "Order gateway out of memory during Friday service",
		text:  "gateway-2 ran out of memory, then gateway-3. Their stores get no orders.",
		pages: []scenePage{
			{at: "2025-06-13 19:04", service: "gateway", alert: "gateway-2: heap above 95 %", ack: "2025-06-13 19:21", who: "ravi", resolved: "2025-06-13 20:31", join: "title"},
			{at: "2025-06-13 19:19", service: "gateway", alert: "gateway-3: no heartbeat for 60 s", ack: "2025-06-13 19:22", who: "maya", resolved: "2025-06-13 20:31", join: "title"},
		},
		steps: []step{
			{"2025-06-13 19:22", "ravi", ": I'm on it. Maya, are you on it, too?"}, {"2025-06-13 19:23", "ravi", "take"},
			{"2025-06-13 19:38", "ravi", ": Restarted gateway-2. The stores come back one by one."},
			{"2025-06-13 19:52", "maya", ": gateway-3 went down under the load of the others. The orders it held in memory are gone."},
			{"2025-06-13 19:53", "maya", "prio Blocker"},
			{"2025-06-13 20:10", "maya", ": gateway-3 restarted."},
			{"2025-06-13 20:31", "ravi", ": All stores are back. 214 orders were accepted and never reached a kitchen. The desk has the list."},
			{"2025-06-16 10:20", "maya", ": Closing, was fixed on Friday."}, {"2025-06-16 10:21", "maya", "done"},
		},
	},
	{
		n: 302, kind: "Support Request", priority: "Major", service: "fax", by: "chloe", channel: "email", labels: "email", customer: 16, at: "2025-08-09 11:21",
		title: "No fax since midnight, is something wrong?", text: "We usually have six or seven by now. The machine is fine, we sent ourselves a test page.\n\nNoor Rahman, Riverside Health Pharmacy",
		steps: []step{{"2025-08-11 10:31", "owen", ": Same as SUP-307. I am sorry that nobody read this on Saturday."}, {"2025-08-11 10:32", "owen", "duplicate"}},
	},
	{
		n: 305, kind: "Support Request", priority: "Minor", service: "fax", by: "gus", channel: "email", labels: "email", customer: 3, at: "2025-08-09 18:47",
		title: "Fax quiet on a Saturday evening", text: "Strange evening, no order by fax at all. Please check number of store 1077.",
		steps: []step{{"2025-08-11 10:34", "owen", ": Same as SUP-307."}, {"2025-08-11 10:35", "owen", "duplicate"}},
	},
	{
		n: 307, kind: "Incident", priority: "Blocker", service: "fax", by: "priya", channel: "phone", labels: "phone", customer: 2, at: "2025-08-11 09:42",
		title: "Fax orders do not reach the stores",
		text:  "Harbor Street Pharmacy called: not one fax since Friday. Two more have called while I type this.",
		steps: []step{
			{"2025-08-11 10:05", "owen", "take"},
			{"2025-08-11 10:08", "owen", ": There are 3,871 failed faxes in fax.retry, the oldest from Saturday 00:02."},
			{"2025-08-11 10:40", "owen", ": Restarted fax-out. Nothing changed."},
			{"2025-08-11 11:32", "tomas", ": Every failure carries the code 7312. The provider's manual says: “request not processed”."},
			{"2025-08-11 12:14", "tomas", ": On the phone with the provider. I am number nine."}, {"2025-08-11 12:15", "tomas", "vendor"},
			{"2025-08-11 13:26", "tomas", ": The account was suspended on Saturday at midnight: six invoices unpaid since February. They wrote to us on Friday at 17:40, to a mailbox nobody reads."}, {"2025-08-11 13:27", "tomas", "resume"},
			{"2025-08-11 14:05", "helen", ": Paid with my own card. They say it takes half an hour."},
			{"2025-08-11 14:52", "tomas", ": First fax went out at 14:50."},
			{"2025-08-11 15:20", "owen", ": We do not let the queue run: nobody wants Saturday's lunch on a Monday. Today's orders are sent again by hand, or by phone."},
			{"2025-08-11 19:44", "priya", ": 1,126 orders of today re-sent or phoned in. Thanks to everybody who stayed."}, {"2025-08-11 19:47", "owen", "done"},
		},
	},
	{
		n: 445, kind: "Incident", priority: "Blocker", service: "checkout", by: "gus", channel: "phone", labels: "phone", customer: 24, at: "2025-10-07 12:41",
		title: "Orders arrive twice",
		text:  "Dumpling House has cooked everything twice since about a quarter past twelve. Lunch rush, the owner is furious. A second store reports the same.",
		pages: []scenePage{{at: "2025-10-07 12:20", service: "gateway", alert: "gateway-1: orders waiting above 50", ack: "2025-10-07 12:26", who: "ravi", resolved: "2025-10-07 12:39", auto: true}},
		steps: []step{
			{"2025-10-07 12:49", "ravi", "take"},
			{"2025-10-07 13:20", "ines", ": Checkout tries again after 10 seconds. The gateway takes 14 today, and takes both."},
			{"2025-10-07 13:31", "ravi", ": Switched the retry off. New orders come once."},
			{"2025-10-07 15:10", "ines", ": 402 doubled orders found. The desk calls the stores; refunds start tonight."}, {"2025-10-07 16:21", "ravi", "done"},
		},
	},
	{
		n: 510, kind: "Incident", priority: "Critical", service: "scheduler", by: "pager", channel: "pager", at: "2025-11-02 08:14",
		title: "Stores shown closed after the clocks went back",
		text:  "Stores open is far below last Sunday. Pharmacies with Sunday service are shown closed.",
		pages: []scenePage{{at: "2025-11-02 08:12", service: "scheduler", alert: "scheduler: stores open is 38 % below last week", ack: "2025-11-02 08:29", who: "ravi", resolved: "2025-11-02 10:59", escalated: 1, to: "lena ravi", join: "title"}},
		steps: []step{
			{"2025-11-02 08:30", "ravi", "take"},
			{"2025-11-02 09:05", "ravi", ": The job of 01:30 ran twice, because 01:30 was there twice. The second run closed what the first had opened."},
			{"2025-11-02 09:20", "ravi", ": Computing the hours again, pharmacies first."},
			{"2025-11-02 10:58", "lena", ": All 202 are open. Called the eleven that had written to us."}, {"2025-11-02 11:41", "ravi", "done"},
		},
	},
	{
		n: 642, kind: "Incident", priority: "Critical", service: "scheduler", by: "pager", channel: "pager", at: "2025-12-29 06:38",
		title: "Stores with seasonal hours are closed on 29 December",
		text:  "Every store that has winter hours is shown closed since midnight.",
		pages: []scenePage{{at: "2025-12-29 06:37", service: "scheduler", alert: "scheduler: stores open is 22 % below last week", ack: "2025-12-29 06:41", who: "owen", resolved: "2025-12-29 08:21", join: "link"}},
		steps: []step{
			{"2025-12-29 06:42", "owen", "take"},
			{"2025-12-29 07:15", "owen", ": It asks for week 1 of 2025 and gets last January. Today is week 1, but of 2026."},
			{"2025-12-29 07:50", "owen", ": Opened the stores with breakfast by hand, 31 of them."},
			{"2025-12-29 08:20", "owen", ": Query fixed and deployed, the rest follows by itself."}, {"2025-12-29 08:56", "owen", "done"},
		},
	},
	{
		n: 698, kind: "Incident", priority: "Blocker", service: "pharmacy", by: "pager", channel: "pager", at: "2026-01-19 19:07",
		title: "Pharmacy link refuses every prescription",
		text:  "No prescription goes through since 19:00. Pharmacies cannot release medicine.",
		pages: []scenePage{{at: "2026-01-19 19:06", service: "pharmacy", alert: "pharmacy-link: TLS handshake failures above 90 %", ack: "2026-01-19 19:09", who: "lena", resolved: "2026-01-19 21:49", join: "title"}},
		steps: []step{
			{"2026-01-19 19:10", "lena", "take"},
			{"2026-01-19 19:24", "lena", ": Our client certificate ended at midnight UTC, which is 19:00 here."},
			{"2026-01-19 19:41", "ravi", ": The account at the authority belongs to somebody who left in 2024. Calling their emergency desk."}, {"2026-01-19 19:45", "lena", "vendor"},
			{"2026-01-19 21:20", "lena", ": They believe us now. New certificate is being issued."}, {"2026-01-19 21:21", "lena", "resume"},
			{"2026-01-19 21:48", "lena", ": Loaded. First prescription went through at 21:48."}, {"2026-01-19 22:20", "lena", "done"},
		},
	},
	{
		n: 784, kind: "Incident", priority: "Blocker", service: "db", by: "pager", channel: "pager", at: "2026-02-17 22:08",
		title: "Checkout stands still during the release of 26.1",
		text:  "Every service waits for a database connection since the migration began.",
		pages: []scenePage{
			{at: "2026-02-17 22:07", service: "db", alert: "orders-db: connections above 90 %", ack: "2026-02-17 22:08", who: "maya", resolved: "2026-02-17 22:37", join: "link"},
			{at: "2026-02-17 22:09", service: "checkout", alert: "checkout: p95 latency above 4 s for 10 min", ack: "2026-02-17 22:10", who: "maya", resolved: "2026-02-17 22:38"},
		},
		steps: []step{
			{"2026-02-17 22:08", "maya", "take"},
			{"2026-02-17 22:15", "maya", ": The migration waits for one long report, and everybody else waits for the migration."},
			{"2026-02-17 22:31", "maya", ": Migration cancelled. Connections are coming down."},
			{"2026-02-17 22:36", "tomas", ": Checkout is back. 29 minutes."},
			{"2026-02-17 23:20", "maya", ": The release went on without the migration; nothing in it needs the column yet."}, {"2026-02-17 23:45", "maya", "done"},
		},
	},
	{
		n: 870, kind: "Incident", priority: "Blocker", service: "webhooks", by: "chloe", channel: "phone", labels: "phone", at: "2026-03-26 16:44",
		title: "41 partners have had no order events since this morning",
		text:  "A courier partner called: not one event since 07:40. Their dashboard says we are fine and ours says they are.",
		steps: []step{
			{"2026-03-26 16:52", "samira", "take"},
			{"2026-03-26 17:05", "samira", ": 18,204 events in the dead-letter queue since 07:40. Nothing watches it."},
			{"2026-03-26 17:20", "samira", ": This morning's release writes the signature in a new header. Some partners' proxies refuse headers they do not know."},
			{"2026-03-26 17:38", "samira", ": Old header is back, sending the queue, oldest last: couriers need the present first."},
			{"2026-03-26 18:55", "ravi", ": Queue is empty. All 41 partners confirmed."}, {"2026-03-26 19:15", "samira", "done"},
		},
	},
	{
		n: 918, kind: "Incident", priority: "Blocker", service: "gateway", by: "pager", channel: "pager", labels: "restart", at: "2026-04-17 18:53",
		title: "Two gateways out of memory within a minute",
		text:  "gateway-1 and gateway-3 stopped at once; half of all stores get no orders.",
		pages: []scenePage{
			{at: "2026-04-17 18:52", service: "gateway", alert: "gateway-1: heap above 95 %", ack: "2026-04-17 18:54", who: "ines", resolved: "2026-04-17 19:24", join: "title"},
			{at: "2026-04-17 18:53", service: "gateway", alert: "gateway-3: heap above 95 %", ack: "2026-04-17 18:54", who: "ines", resolved: "2026-04-17 19:24", join: "title"},
		},
		steps: []step{
			{"2026-04-17 18:55", "ines", "take"},
			{"2026-04-17 18:58", "ines", ": Saving the heap of gateway-1 before I touch it, as the runbook says. It takes eight minutes and they feel like eighty."},
			{"2026-04-17 19:06", "ines", ": Profile saved, restarting gateway-1."}, {"2026-04-17 19:14", "owen", ": Restarting gateway-3."},
			{"2026-04-17 19:23", "ines", ": All stores are back. The orders waited on disk, none is lost."},
			{"2026-04-17 20:05", "maya", ": 71 % of the heap are timers of reconnects that nobody waits for any more. That is it. That is the leak."}, {"2026-04-17 20:20", "ines", "done"},
		},
	},
	{
		n: 1015, kind: "Incident", priority: "Critical", service: "menu", by: "pager", channel: "pager", at: "2026-06-09 10:50",
		title: "212 menus are empty",
		text:  "Stores of one franchise show no dishes; their guests see an empty page.",
		pages: []scenePage{{at: "2026-06-09 10:49", service: "menu", alert: "menu: empty menus above 20", ack: "2026-06-09 10:51", who: "owen", resolved: "2026-06-09 11:41", join: "link"}},
		steps: []step{
			{"2026-06-09 10:51", "owen", "take"},
			{"2026-06-09 10:58", "owen", ": A bulk import with an empty file at 10:37. It did what it was told: replaced 212 menus by nothing."},
			{"2026-06-09 11:04", "owen", ": Import is switched off for everybody."},
			{"2026-06-09 11:40", "maya", ": Restored from the copy of 06:00. Nine stores had changed something since; I am calling them."}, {"2026-06-09 12:05", "owen", "done"},
		},
	},
	{
		n: 1106, kind: "Incident", priority: "Critical", service: "db", by: "pager", channel: "pager", at: "2026-07-22 13:00",
		title: "Portal and reports are slow, replica out of disk",
		text:  "The read replica stopped following; everything that reads from it waits.",
		pages: []scenePage{{at: "2026-07-22 12:58", service: "db", alert: "orders-db: replication lag above 300 s", ack: "2026-07-22 13:36", who: "maya", resolved: "2026-07-22 13:59", escalated: 1, to: "owen", join: "title"}},
		steps: []step{
			{"2026-07-22 13:36", "maya", ": Saw the chart by chance. Why has nobody been called?"}, {"2026-07-22 13:37", "maya", "take"},
			{"2026-07-22 13:52", "maya", ": The replica's disk is full. Moving reads to the primary."}, {"2026-07-22 13:58", "maya", ": Portal is fast again."},
			{"2026-07-22 14:25", "ines", ": The page went to Owen, twice. Owen is on a plane to Lisbon."},
			{"2026-07-22 15:20", "maya", ": Disk cleared, replica is catching up."}, {"2026-07-22 15:45", "maya", "done"},
		},
	},
	{
		n: 1229, kind: "Incident", priority: "Critical", service: "gateway", by: "pager", channel: "pager", labels: "restart", at: "2026-09-18 20:15",
		title: "gateway-2 runs out of file descriptors",
		text:  "Sockets have grown for nine days; at this pace gateway-2 refuses connections within the hour.",
		pages: []scenePage{{at: "2026-09-18 20:14", service: "gateway", alert: "gateway-2: file descriptors above 85 %", ack: "2026-09-18 20:16", who: "owen", resolved: "2026-09-18 20:30", join: "title"}},
		steps: []step{
			{"2026-09-18 20:17", "owen", "take"},
			{"2026-09-18 20:21", "owen", ": Draining gateway-2 to the other three first."},
			{"2026-09-18 20:29", "owen", ": Restarted empty. Eleven stores saw their screen blink; no order lost."},
			{"2026-09-18 20:33", "maya", ": Sockets of partners who hung up, never closed on our side. Same family as the timers."}, {"2026-09-18 21:05", "owen", "done"},
		},
	},
	{
		n: 1303, kind: "Incident", priority: "Critical", service: "sms", by: "pager", channel: "pager", at: "2026-10-28 17:43",
		title: "SMS do not arrive at one carrier",
		text:  "Guests of one carrier do not learn that their order is ready.",
		pages: []scenePage{{at: "2026-10-28 17:42", service: "sms", alert: "sms: delivery below 70 %", ack: "2026-10-28 17:44", who: "ines", resolved: "2026-10-28 18:21", join: "title"}},
		steps: []step{
			{"2026-10-28 17:45", "ines", "take"}, {"2026-10-28 17:58", "ines", ": Only one carrier. Our provider's status page is green, of course."},
			{"2026-10-28 18:20", "ines", ": Moved this carrier to the second provider. Delivery is back at 98 %."}, {"2026-10-28 18:31", "ines", "done"},
		},
	},
	{
		n: 1240, kind: "Task", priority: "Major", service: "sms", by: "robot", channel: "internal", labels: "supplier-calendar", at: "2026-09-25 08:00", due: "2026-10-07",
		title: "Supplier calendar: the SMS provider's prepaid balance ends on 9 October",
		text:  "Created by the supplier calendar two weeks ahead. Owner: Tomas. Who pays: Helen. How: see the calendar's entry.",
		steps: []step{
			{"2026-09-25 09:20", "tomas", "take"}, {"2026-09-28 11:05", "helen", ": Paid, and switched to yearly invoices. It would have ended on a Friday at midnight."},
			{"2026-09-28 11:30", "tomas", ": That was it. The most boring emergency of the year."}, {"2026-09-28 11:31", "tomas", "done"},
		},
	},
	{
		n: 1297, kind: "Task", priority: "Major", service: "scheduler", by: "lena", channel: "internal", at: "2026-10-26 11:10", due: "2026-11-01", points: 1,
		title: "The clocks go back on Sunday: who looks?", text: "A year ago 202 stores were closed because of it. The tests say that it cannot happen again. I would still like somebody to look.",
		steps: []step{
			{"2026-10-26 11:32", "owen", "take"},
			{"2026-11-01 09:05", "owen", ": Looked, over coffee. Every store that should be open is open. The most boring Sunday of the year; I recommend it."}, {"2026-11-01 09:06", "owen", "done"},
		},
	},
	{
		n: 1309, kind: "Support Request", priority: "Minor", service: "menu", by: "Hannah Boyle", channel: "portal", labels: "portal", customer: 12, at: "2026-11-02 06:21",
		title: "Change the holiday menu of store 1119", text: "Same as last year, please, from the 20th on.\n\nBest, Hannah Boyle",
		steps: []step{{"2026-11-02 06:39", "robot", ": Thank you. A person will answer by tomorrow morning, ten o'clock at the latest."}},
	},
}

// improvement is an issue that a postmortem asked for.
type improvement struct {
	n             int
	code          bool
	service, who  string
	at            string // written down
	start, finish string // "" for not yet
	due           string
	title, text   string
	declined      bool
}

var improvements = []improvement{
	// The gateway that ran out of breath
	{179, false, "gateway", "maya", "2025-06-25 15:10", "2025-07-07 09:30", "2025-07-11 16:00", "2025-07-14", "Page one person, then the next, instead of three at once", "A rota of superhero and sidekick, in the pager and on the wall.", false},
	{180, false, "gateway", "ravi", "2025-06-25 15:20", "2025-10-13 10:10", "2025-11-20 14:40", "2025-10-31", "Write accepted orders to disk before confirming them", "A restart must not lose what a guest has paid for.", false},
	{27, true, "gateway", "maya", "2025-06-25 15:30", "2025-08-11 13:00", "2025-09-03 11:20", "", "gateway: save a heap profile before every restart", "One signal, one file, one line in the runbook.", false},
	{28, true, "gateway", "maya", "2025-06-25 15:40", "2026-04-20 09:15", "2026-05-01 15:50", "", "gateway: find out what eats the memory", "Two or three restarts a week. We have stopped noticing how strange that is.", false},
	// The fax provider that vanished
	{44, true, "fax", "tomas", "2025-08-19 10:00", "2025-08-25 09:40", "2025-08-27 16:30", "", "fax: page when the queue has not moved for ten minutes", "Whatever the reason, and whatever the error code.", false},
	{45, true, "fax", "tomas", "2025-08-19 10:10", "2025-10-06 13:30", "2025-10-10 15:00", "", "fax: every error code of the provider in plain words", "7312 is “your account is suspended”. We asked for the whole list.", false},
	{331, false, "fax", "tomas", "2025-08-19 10:20", "2025-09-15 09:00", "2025-09-26 12:00", "2025-09-30", "Supplier calendar: contract, payment, end, owner", "For every supplier whose absence we would notice. An issue two weeks before anything ends.", false},
	{332, false, "portal", "owen", "2025-08-19 10:30", "2026-02-23 10:00", "2026-03-09 10:00", "2025-09-15", "Mail from suppliers becomes an issue, not a mail", "The mailbox of 2021 that only its founder could read is closed.", false},
	{333, false, "webhooks", "ines", "2025-08-19 10:40", "2026-03-30 09:30", "2026-04-08 11:15", "2025-12-15", "List every queue with its owner and its alert", "How many queues does nobody watch? Nobody knows, which answers the question.", false},
	{334, false, "fax", "ravi", "2025-08-19 10:50", "2025-10-27 11:00", "2025-11-12 15:20", "2025-11-14", "Re-send all failed orders of an hour with one command", "So that four people need not do it by hand for five hours again.", false},
	// Two of everything
	{472, false, "checkout", "ravi", "2025-10-17 14:00", "2025-11-24 09:20", "2025-12-10 16:10", "2025-12-12", "One key for an order from the basket to the kitchen", "Whoever sees the key a second time answers “I have it” and does nothing.", false},
	{75, true, "gateway", "lena", "2025-10-17 14:10", "2025-11-03 10:00", "2025-11-05 12:40", "", "gateway: page on repeated order numbers", "More than five in ten minutes are no accident.", false},
	{76, true, "api", "ines", "2025-10-17 14:20", "2026-02-02 09:45", "2026-02-11 14:15", "", "api: back off with jitter in all our clients", "Ten seconds, again and again, in step, is an attack on ourselves.", false},
	// The hour that happened twice
	{534, false, "scheduler", "owen", "2025-11-12 15:00", "2026-02-03 10:30", "2026-02-25 11:00", "2026-02-27", "Opening hours with their zone, jobs in UTC", "A local time without a zone is a rumour.", false},
	{98, true, "scheduler", "owen", "2025-11-12 15:10", "2026-01-05 09:30", "2026-01-16 15:30", "", "scheduler: test both clock changes and the turn of the year", "The list: 29 February, last Sunday of October, first of November, week 53, midnight in Honolulu.", false},
	{99, true, "scheduler", "owen", "2025-11-12 15:20", "2025-11-24 14:00", "2025-11-26 10:45", "", "scheduler: page when a tenth fewer stores are open than a week ago", "At 38 % below it was noon somewhere.", false},
	// Week one
	{127, true, "scheduler", "owen", "2026-01-08 11:00", "2026-01-26 09:30", "2026-01-28 16:00", "", "scheduler: one definition of a week", "ISO 8601: a week belongs to the year of its Thursday, and so does its number.", false},
	{675, false, "scheduler", "lena", "2026-01-08 11:10", "2026-02-23 10:00", "2026-02-26 15:00", "2026-02-27", "A day with the clock set to every risky date", "Staging lives through next year in an afternoon.", false},
	{676, false, "scheduler", "ravi", "2026-01-08 11:20", "2026-02-05 13:00", "2026-02-10 11:30", "2026-02-13", "A switch that opens everything", "Better an order that a store declines than a store that nobody finds.", false},
	// A certificate nobody owned
	{133, true, "pharmacy", "tomas", "2026-01-22 14:00", "2026-04-13 09:20", "2026-04-28 16:10", "", "pharmacy: certificates renew themselves", "Ninety days, renewed at sixty, by a machine.", false},
	{134, true, "pharmacy", "lena", "2026-01-22 14:10", "2026-01-26 13:30", "2026-01-27 12:00", "", "pharmacy: tell 30, 14 and 7 days before a certificate ends", "All of them, not only this one: the list has nineteen.", false},
	{702, false, "pharmacy", "tomas", "2026-01-22 14:20", "2026-03-16 10:15", "2026-03-30 15:45", "2026-03-31", "Accounts at suppliers belong to roles, not to people", "People leave. Their mailboxes leave with them.", false},
	{703, false, "pharmacy", "tomas", "2026-01-22 14:30", "", "2026-05-19 11:00", "2026-05-29", "Release prescriptions first, check the insurance later", "So that a patient does not wait for a certificate.", true},
	// Twenty-nine minutes behind a report
	{145, true, "db", "maya", "2026-02-19 10:00", "2026-02-24 09:30", "2026-02-25 14:20", "", "db: a migration gives up after two seconds of waiting", "lock_timeout, and try again later. Nobody queues behind it.", false},
	{146, true, "db", "maya", "2026-02-19 10:10", "2026-04-27 10:00", "2026-05-06 15:00", "", "db: rehearse every migration on last night's copy", "With the traffic of a Tuesday evening.", false},
	{147, true, "db", "samira", "2026-02-19 10:20", "2026-07-27 09:45", "2026-08-12 16:30", "", "db: a connection budget for every service", "Reports may be slow. Checkout may not.", false},
	// Nine hours to nowhere
	{179, true, "webhooks", "ines", "2026-03-31 11:00", "2026-04-06 09:20", "2026-04-08 15:10", "", "webhooks: page on the age of the oldest undelivered event", "Ten minutes. Per partner, so that one bad endpoint wakes nobody.", false},
	{180, true, "webhooks", "samira", "2026-03-31 11:10", "2026-06-08 10:10", "2026-06-25 14:30", "", "webhooks: contract tests against three partners' proxies", "They have agreed, and one has found a fault of his own by it.", false},
	{882, false, "webhooks", "samira", "2026-03-31 11:20", "2026-09-14 10:00", "", "2026-09-30", "Partners resend their own webhooks", "From the portal, for any hour of the last week.", false},
	// That is the leak
	{203, true, "gateway", "maya", "2026-04-20 09:00", "2026-04-20 09:10", "2026-05-01 15:40", "", "gateway: stop the timer of a reconnect that succeeded", "71 % of the heap.", false},
	{207, true, "gateway", "maya", "2026-04-22 10:00", "2026-05-25 09:30", "2026-05-27 11:20", "", "gateway: page on the slope of the heap, not on its height", "A leak is visible for three days before it hurts.", false},
	{208, true, "gateway", "samira", "2026-04-22 10:10", "2026-09-21 09:30", "2026-09-22 16:45", "", "gateway: look for the same pattern in sockets and file descriptors", "What else is opened on reconnect and closed by hope?", false},
	{926, false, "gateway", "ravi", "2026-04-22 10:20", "2026-06-01 10:30", "2026-06-10 14:00", "2026-06-12", "Drain a gateway before it is restarted", "Stores move to another one first and notice nothing.", false},
	// The import that did what it was told
	{1019, false, "menu", "ravi", "2026-06-11 14:00", "2026-06-29 09:30", "2026-07-08 15:15", "2026-07-10", "An import that removes more than a fifth asks twice", "And names what will be gone.", false},
	{1022, false, "menu", "ravi", "2026-06-11 14:10", "2026-08-17 10:00", "2026-08-27 11:30", "2026-08-28", "Restore a store's menu of any day with one click", "The desk can do it, without us.", false},
	{1023, false, "menu", "ravi", "2026-06-11 14:20", "2026-10-19 10:20", "", "2026-12-18", "Undo in the menu editor", "The most asked-for wish of three years, as it turns out.", false},
	// The page that flew to Lisbon
	{275, true, "db", "lena", "2026-07-24 10:00", "2026-08-17 10:00", "2026-08-20 12:30", "", "pager: every night, hold the pager's schedule against the policy's rota", "For the next fourteen days, and against the absences.", false},
	{276, true, "db", "maya", "2026-07-24 10:10", "2026-08-12 15:00", "2026-08-13 16:00", "", "db: disk alerts by days left, not by percent", "75 % of a big disk is a year. 75 % of the replica's was a lunch break.", false},
	{1109, false, "portal", "lena", "2026-07-24 10:20", "2026-10-12 11:00", "", "2026-10-16", "Absences are entered once", "Calendar, rota, pager: three truths, one of them in the air.", false},
	// The last restart
	{318, true, "gateway", "samira", "2026-09-21 09:20", "2026-09-21 09:40", "2026-09-22 16:40", "", "gateway: close the socket when the partner hangs up", "Found where number 208 said it would be.", false},
	{319, true, "gateway", "maya", "2026-09-21 10:00", "2026-10-26 09:30", "", "", "gateway: three days of load before every release of the gateway", "Leaks are slow. So must the test be.", false},
	{320, true, "gateway", "samira", "2026-09-21 10:10", "2026-10-05 09:30", "2026-10-07 15:20", "", "gateway: sockets, timers and heap on one chart", "One glance for the next superhero.", false},
	{1232, false, "gateway", "ines", "2026-09-21 10:20", "", "", "2027-01-29", "Every partner has its own pool of connections", "So that one partner's trouble stays his.", false},
}

// scenesOf are the improvements as scenes.
func scenesOf(improvements []improvement) []scene {
	var all []scene
	for _, im := range improvements {
		s := scene{n: im.n, code: im.code, kind: "Improvement", priority: "Major", service: im.service, by: im.who, channel: "internal", labels: "improvement", at: im.at, title: im.title, text: im.text, due: im.due}
		if im.code {
			s.kind, s.labels = "Task", "improvement "+im.service
		}
		if !im.code {
			s.steps = append(s.steps, step{im.at, im.who, "ready"})
		}
		if im.start != "" {
			s.steps = append(s.steps, step{im.start, im.who, "take"})
		}
		switch {
		case im.declined:
			s.steps = append(s.steps, step{im.finish, im.who, ": Two of the four insurers do not allow it, and a rule that holds for half of the patients confuses the counter. Declined, see the postmortem."}, step{im.finish, im.who, "dropped"})
		case im.finish != "":
			if !im.code {
				s.steps = append(s.steps, step{im.finish, im.who, "review"})
			}
			s.steps = append(s.steps, step{im.finish, im.who, "done"})
		}
		all = append(all, s)
	}
	return all
}
