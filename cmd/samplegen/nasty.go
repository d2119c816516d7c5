package main

// Titles as customers really paste them: scripts, formulas, markup, writing that runs the other way, ten
// thousand characters. Each is believable, and each has broken somebody's report.

import "strings"

func (w *world) nasty() []*item {
	r := stream("nasty")
	var all []*item
	add := func(f flavour, at, service, title, text string) *item {
		it := w.birth(r, f, w.cal.at(at))
		it.service = serviceNamed(service)
		if !it.code {
			it.components = []string{it.service.component}
		}
		it.title, it.text, it.drop, it.vague, it.vendor = title, text, "", false, 0
		all = append(all, it)
		return it
	}
	add(fASAP, "2025-07-09 11:12", "menu", `Dish called </script><script>alert(1)</script> breaks the menu page`,
		"A customer's nephew named a dish <script>alert(1)</script> and the public menu is blank since. He thinks it is funny. Please also look at the print view: <img src=x onerror=alert(2)>")
	add(fMaintenance, "2026-09-16 14:03", "portal", `Chart tooltip shows __f__(x)__f__ instead of the store name`,
		"The store is really called __f__(\"Fork\")__f__ in our system, don't ask. The chart of the day shows code instead of a name.")
	add(fRequest, "2026-10-20 09:41", "reports", `=cmd|' /C calc'!A0 in the delivery note, please check the CSV export`,
		"Our accountant opened the export of September in her spreadsheet and it asked to start a program. The note of order #4912207 begins with an equals sign. =1+1 +2 -3 @SUM(A1)")
	add(fMajor, "2026-10-05 10:22", "menu", `**bold** dishes and [x](javascript:alert(1)) links appear in the public menu`,
		"Somebody typed Markdown into the description and it is rendered: **bold**, `code`, ![p](https://tracker.invalid/pixel.gif) and [x](javascript:alert(1)). We would like plain text.")
	add(fRequest, "2026-08-11 16:30", "portal", "Customer name \u202egnitirw ti sdaer\u202c is shown backwards, also שלום עולם",
		"The receipt of a guest with a Hebrew name turns the amount around: \u202e00.21$\u202c. Invisible marks came from the phone's keyboard.")
	add(fMajor, "2026-07-14 18:20", "checkout", "🍕🍕🍕 Pizza order with emoji 👩‍👩‍👧‍👦 fails 🚨 (family sign)",
		"Works with one pizza 🍕, fails with the family 👩‍👩‍👧‍👦. Might be the length.")
	add(fRequest, "2026-05-06 08:05", "menu", "メニューの写真が表示されない（寿司 花見）",
		"写真を三回アップロードしましたが、表示されません。お客様から電話がありました。よろしくお願いします。\n\nKenji Mori, Sushi Hanami")
	add(fMajor, "2026-06-03 13:13", "api", `{"error":null,"title":"undefined","id":NaN} & "quotes" 'n' <angles> \n \u0000`,
		"Our integration shows this as the name of every store. Pasted as is.\ttabs\tand \\backslashes\\ included.")
	trace := "java.lang.OutOfMemoryError: GC overhead limit exceeded at com.hearthline.partner.SyncJob.run(SyncJob.java:118) "
	long := add(fMajor, "2026-04-22 17:55", "api", "", "Sorry, I pasted the log into the title field. Ticket form should have a limit.")
	long.title = ("Partner sync fails with: " + strings.Repeat(trace, 100))[:10_000]
	add(fRequest, "2026-10-27 12:00", "checkout", "Mr. O'Brien & Sons <info@obrien.invalid>: \"receipt\" for -1+2 items, 100 % of 0",
		"Company name is \"O'Brien & Sons\" <- with the quotes and the ampersand.\r\nThanks")

	// Nobody wrote a rule for a question, and nobody remembers what Parked is for.
	for _, q := range [][2]string{
		{"2025-10-15 11:40", "Do we still support receipt printers from 2016?"}, {"2026-03-18 15:05", "Who decides about discounts for partners?"},
		{"2026-09-02 10:15", "Is there a list of all stores by time zone?"}, {"2026-10-21 13:50", "May we quote our own response times to prospects?"},
	} {
		it := add(fOdd, q[0], "portal", q[1], "Asked in the sales meeting. I did not know.")
		it.kind, it.priority, it.labels, it.channel = "Question", "Minor", []string{"sales"}, "internal"
		it.reporter, it.effort, it.customer = chloe, 0, nil
	}
	for _, q := range [][2]string{
		{"2025-09-30 09:20", "Offer the menu in Portuguese"}, {"2026-02-10 10:00", "Voice orders, again"}, {"2026-08-28 15:45", "Print receipts on the old thermal paper"},
	} {
		it := add(fFeature, q[0], "menu", q[1], "Somebody asks every spring.")
		it.script = true
		it.status = stNew
		it.say(it.born+3*day+77, helen, "Good idea, not now. Parking it.")
		it.setStatus(it.born+3*day+80, helen, stParked)
	}
	return all
}
