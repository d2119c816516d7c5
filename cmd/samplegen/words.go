package main

// What people write: for each part of the product the faults it has, what customers ask of it and what
// is built. A %n is a number, %c a circumstance, %m a month, %s a shop's number.

// service is a part of the product: a component in Jira, a label on the code host, a service of the
// pager.
type service struct {
	id, component, pager, pagerID string
	weight                        int // how much of the work concerns it
	bugs, features, requests      []string
	fires                         []fire
	code                          []string // bugs and chores written down by developers
	suppliers                     []string // who keeps a case waiting
}

// fire is an emergency of a service: what the pager says, what the issue says, what was done.
type fire struct{ alert, title, text, fix string }

var circumstances = []string{
	"on iPad Safari", "for stores in two time zones", "when the basket holds more than %n items", "after the last update",
	"for orders placed before opening time", "when a coupon and a gift card are used together", "on the second screen of the kitchen display",
	"if the customer goes back one step", "for guests without an account", "in the Spanish version", "when two people edit at once",
	"on slow connections", "after midnight", "for stores with more than %n menus", "when the address has an apartment number",
	"in Firefox", "for pickup orders only", "when the store is paused and resumed", "for the first order of the day", "with large print turned on",
	"if the session is older than a day", "on Android tablets", "when the phone number starts with +1", "for scheduled orders", "after changing the language",
}

var services = []*service{
	{
		id: "gateway", component: "Order gateway", pager: "Order gateway", pagerID: "PSGW001", weight: 10,
		bugs: []string{
			"Order stays in “sending” %c", "Gateway answers 502 for a minute %c", "Order confirmed twice to the store %c", "Wrong order number in the confirmation %c",
			"Retry counter never resets %c", "Cancelled order still sent to the store %c", "Gateway drops the delivery note %c", "Store shown offline although it takes orders %c",
		},
		features: []string{
			"Drain connections before a deploy", "Show the gateway's queue depth on the status screen", "Send orders to a backup printer when the first is silent",
			"Idempotency keys for partner orders", "Expire orders nobody confirmed within %n minutes", "Replay an order from the archive",
		},
		requests: []string{
			"Why was order #%n cancelled?", "Order #%n never reached the store", "Resend order #%n to the kitchen printer", "Move store %s to the second gateway",
		},
		code: []string{"flaky test: TestGatewayReconnect", "gateway: log the order id with every retry", "gateway: replace the hand-written pool", "gateway: heap profile on SIGUSR1", "gateway: split the send loop from the receive loop"},
		fires: []fire{
			{"gateway-%g: orders waiting > %n for 5 min", "Orders waiting in the gateway, stores see nothing", "The queue of outgoing orders grows and nothing leaves. Stores call because their screens are empty during service.", "The stuck sender was taken out and its stores moved to the other gateway."},
			{"gateway: 5xx above 5 % for 5 min", "Order gateway refuses one order in ten", "Customers see “we could not place your order” and try again; some give up.", "One instance with a full disk was taken out of the pool."},
		},
	},
	{
		id: "checkout", component: "Checkout", pager: "Checkout", pagerID: "PSCH002", weight: 12,
		bugs: []string{
			"Total off by one cent %c", "Coupon is applied twice %c", "“Place order” does nothing %c", "Tip is missing from the receipt %c", "Tax shown as 0.00 %c",
			"Card form loses focus %c", "Address is cut off at 30 characters %c", "Delivery fee returns after being waived %c", "Confirmation mail without the order lines %c", "Basket is empty after login %c",
		},
		features: []string{
			"Pay with a wallet on the phone", "Split the bill between two cards", "Remember the last order", "Show allergens before payment", "Ask for a pickup name", "Minimum order by delivery zone", "Tip presets per store",
		},
		requests: []string{
			"Refund for order #%n", "Change the tax rate of store %s", "Copy of the receipt for order #%n", "Turn off tips for store %s", "Customer was charged twice for order #%n",
		},
		code:  []string{"checkout: remove the old price calculator", "checkout: move rounding into one place", "flaky test: TestCouponRace", "checkout: upgrade the card form library", "checkout: drop support for the 2023 basket format"},
		fires: []fire{{"checkout: p95 latency above 4 s for 10 min", "Checkout takes twenty seconds", "The last step hangs and customers give up. Payments are slow, nothing fails.", "The slow query was killed and the report that ran it was moved to the replica."}, {"checkout: success rate below 90 %", "Checkout fails for cards of one bank", "Every third payment is declined although the card is good.", "Payments were routed through the second acquirer."}},
	},
	{
		id: "fax", component: "Fax orders", pager: "Fax orders", pagerID: "PSFX003", weight: 7,
		bugs: []string{
			"Fax shows boxes instead of accents %c", "Second page of long orders is not sent %c", "Fax confirmation is matched to the wrong order %c", "Fax sent to the old number %c", "Order printed upside down %c", "Cover sheet shows yesterday's date %c",
		},
		features: []string{"Larger type on fax orders", "Tell the store by SMS when a fax is late", "Retry a busy line for %n minutes", "Second fax number as a fallback"},
		requests: []string{"Add a second fax number for store %s", "Fax for order #%n is unreadable", "Stop faxes to the old number of store %s", "Fax test page for store %s"},
		code:     []string{"fax: map every error code of the provider", "fax: page when the queue does not move", "fax: keep the sent image for 30 days"},
		fires:    []fire{{"fax-out: failures above 20 %", "Faxes to one area code fail", "Every fax to one area code comes back as “no answer”. About forty stores take orders by fax there.", "The supplier rerouted the numbers; late orders were phoned in."}},
		suppliers: []string{
			"Case opened with the fax provider, waiting for their trace.", "The fax provider wants a capture of the line; sent, waiting.",
		},
	},
	{
		id: "api", component: "Partner API", pager: "Partner API", pagerID: "PSAP004", weight: 9,
		bugs: []string{
			"POST /orders answers 500 instead of 422 %c", "Menu price arrives as text %c", "Page token expires after a minute %c", "Order status stays “accepted” %c", "API returns stores that were closed %c", "Rate limit counts failed calls %c",
		},
		features: []string{"Partial refunds in the partner API", "Sandbox orders that never reach a store", "API keys that expire", "Filter orders by store group", "Machine-readable error codes"},
		requests: []string{"Reset the API key of a partner", "Raise the rate limit for a partner", "Which fields are required for POST /orders?", "Sandbox access for a new partner", "Reset the API key of a partner", "Reset the API key of a partner"},
		code:     []string{"api: generate the reference from the schema", "api: one error type", "api: drop v1 of the menu endpoint", "flaky test: TestPartnerPaging"},
		fires:    []fire{{"partner-api: 5xx above 5 %", "Partner API answers 500 for one partner's orders", "Orders of one delivery partner are refused since their release; they retry every second.", "The field that changed its type is accepted in both forms now."}},
	},
	{
		id: "webhooks", component: "Webhooks", pager: "Webhooks", pagerID: "PSWH005", weight: 6,
		bugs: []string{
			"Webhook delivered twice %c", "Signature wrong %c", "Webhook for a deleted store %c", "Retries stop after the first failure %c", "Order events arrive out of order %c",
		},
		features: []string{"Resend a webhook from the portal", "Webhook log for partners", "Pause a webhook endpoint", "Show why a webhook failed"},
		requests: []string{"Change the webhook address of a partner", "Resend the webhooks of %m %n", "New signing secret for a partner"},
		code:     []string{"webhooks: page on the age of the oldest undelivered event", "webhooks: cap the retry queue per partner", "webhooks: test the signature with real bodies"},
		fires:    []fire{{"webhooks: oldest undelivered event is 20 min old", "Webhooks are late for all partners", "Order events arrive twenty minutes late; couriers are sent to stores that finished long ago.", "One partner's endpoint that timed out was paused, and the queue drained."}},
	},
	{
		id: "menu", component: "Menu editor", pager: "Menu editor", pagerID: "PSMN006", weight: 9,
		bugs: []string{
			"Price change is lost %c", "Photo turns sideways %c", "Menu shows yesterday's dishes %c", "Modifier group cannot be deleted %c", "Dish sorted last whatever its number %c", "Sold-out dish can be ordered %c", "Import stops at row %n %c",
		},
		features: []string{"Undo in the menu editor", "Copy a menu to several stores", "Import menus from a spreadsheet", "Dish available on weekdays only", "Preview before publishing", "Warn before a change of more than %n dishes"},
		requests: []string{"Copy the menu of store %s to another store", "Change the holiday menu of store %s", "Bulk price change of %n percent", "Restore the menu of last week for store %s"},
		code:     []string{"menu: property test for the importer", "menu: remove the drag-and-drop polyfill", "menu: cache photos for a day", "flaky test: TestMenuPublish"},
		fires:    []fire{{"menu: published menus per minute is 0", "Menus cannot be published", "Stores change prices and nothing happens; some take orders at yesterday's prices.", "The full disk of the photo store was cleaned and publishing went on."}},
	},
	{
		id: "pharmacy", component: "Pharmacy link", pager: "Pharmacy link", pagerID: "PSPH007", weight: 7,
		bugs: []string{
			"Prescription number rejected although valid %c", "Refill shown as a new order %c", "Insurance answer arrives after the timeout %c", "Patient name cut at the hyphen %c", "Unit of measure lost %c",
		},
		features: []string{"Show refill dates", "Second insurer for one patient", "Pharmacist can put an order on hold", "Proof of pickup"},
		requests: []string{"Add pharmacist account for store %s", "Why was the prescription of order #%n rejected?", "New insurer for store %s"},
		code:     []string{"pharmacy: rotate the client certificate by machine", "pharmacy: record and replay the insurer's answers", "pharmacy: time out after eight seconds"},
		fires:    []fire{{"pharmacy-link: insurer timeouts above 50 %", "Insurance checks time out", "Pharmacies cannot release prescriptions; patients wait at the counter.", "Orders are released with a later check, as agreed with the pharmacies."}},
		suppliers: []string{
			"The insurer's help desk confirmed the fault and gave no date yet.", "Waiting for the insurer's test certificate.",
		},
	},
	{
		id: "scheduler", component: "Opening hours", pager: "Scheduler", pagerID: "PSSC008", weight: 6,
		bugs: []string{
			"Store opens an hour late %c", "Holiday hours ignored %c", "Pickup time in the past %c", "Pause ends a day early %c", "Store closed on the first Monday %c",
		},
		features: []string{"Different hours for delivery and pickup", "Copy holidays to next year", "Pause orders for %n minutes from the kitchen", "Opening hours by season"},
		requests: []string{"Change the opening hours of store %s", "Enter the holidays of store %s", "Store %s is shown closed"},
		code:     []string{"scheduler: all times with their zone", "scheduler: test both clock changes", "scheduler: one definition of a week"},
		fires:    []fire{{"scheduler: stores open is 30 % below last week", "A hundred stores are shown closed", "Stores that are open are shown closed since the nightly run.", "The opening hours were computed again."}},
	},
	{
		id: "portal", component: "Portal", pager: "Portal", pagerID: "PSPO009", weight: 8,
		bugs: []string{
			"Login loops back to login %c", "Invited colleague gets no mail %c", "Chart of the day is empty %c", "Export has the wrong month %c", "Role “cook” can see payouts %c", "Search finds nothing %c",
		},
		features: []string{"Order history export in the portal", "Two-step login", "Roles per store", "Dark colours for the kitchen", "Invite several colleagues at once", "Ask for support with the order attached"},
		requests: []string{
			"Export the orders of %m as CSV", "Export the orders of %m as CSV", "Export the orders of %m as CSV", "Add a user to store %s", "Reset a password", "Reset a password", "Remove a former employee from store %s", "Export the orders of %m as CSV",
		},
		code:  []string{"portal: replace the table component", "portal: accessibility of the order list", "portal: load charts on demand", "flaky test: TestInvite"},
		fires: []fire{{"portal: login success below 80 %", "Nobody can log in to the portal", "The login page answers, then sends everybody back to it.", "The session store was moved back to the old cluster."}},
	},
	{
		id: "reports", component: "Reports", pager: "Reports", pagerID: "PSRE010", weight: 6,
		bugs: []string{
			"Payout report counts refunds twice %c", "Week starts on Sunday in one report %c", "Report mail has no attachment %c", "Totals differ from the portal by a day %c", "Report of %m times out %c",
		},
		features: []string{"Monthly report by mail", "Compare with last year", "Sales by dish", "Report of late orders", "Tax report by quarter"},
		requests: []string{"Payout report of %m for store %s", "Explain a line of the payout report", "Tax summary of %m", "Send the report to another address"},
		code:     []string{"reports: run on the replica", "reports: stop building HTML by hand", "reports: delete the unused weekly job"},
		fires:    []fire{{"reports: nightly run is 4 h late", "No reports this morning", "The nightly run has not finished and takes connections from the day's work.", "The run was stopped and started again for the missing stores."}},
	},
	{
		id: "sms", component: "SMS messages", pager: "SMS", pagerID: "PSSM011", weight: 4,
		bugs: []string{
			"SMS arrives after the courier %c", "SMS in the wrong language %c", "Link in the SMS is cut %c", "Two SMS for one order %c",
		},
		features:  []string{"Choose the sender's name", "SMS when the order is ready", "Stop messages by reply"},
		requests:  []string{"Turn off SMS for store %s", "No SMS received for order #%n", "Change the sender's name of store %s"},
		code:      []string{"sms: count characters, not bytes", "sms: second provider behind a switch"},
		fires:     []fire{{"sms: delivery below 70 %", "SMS do not arrive at one carrier", "Customers do not learn that their order is ready; food gets cold.", "Messages to this carrier go through the second provider."}},
		suppliers: []string{"The SMS provider is looking into it with the carrier."},
	},
	{
		id: "db", component: "Orders database", pager: "Orders database", pagerID: "PSDB012", weight: 3,
		bugs:     []string{"Order search slow %c", "Archive job skips orders %c", "Deadlock when two stores are merged %c"},
		features: []string{"Archive orders after two years", "Read replica for the portal"},
		requests: []string{"Delete a guest's data", "Merge two accounts of one customer"},
		code:     []string{"db: review indexes before a migration", "db: rehearse migrations on a copy", "db: drop the unused order_tmp table", "db: connection budget per service"},
		fires:    []fire{{"orders-db: connections above 90 %", "Orders database runs out of connections", "Every service waits for a connection; checkout is slow and the portal gives up.", "Idle connections of one service were closed and its pool was halved."}},
	},
}

func serviceNamed(id string) *service {
	for _, s := range services {
		if s.id == id {
			return s
		}
	}
	panic("samplegen: no service " + id)
}

// Pages that need nobody.
var noise = []struct{ service, alert string }{
	{"gateway", "gateway-%g: CPU above 80 %"}, {"gateway", "gateway-%g: heap above 80 %"}, {"db", "orders-db: replication lag above 30 s"},
	{"db", "orders-db: disk above 75 %"}, {"checkout", "checkout: synthetic order failed once"}, {"portal", "portal: synthetic login failed once"},
	{"webhooks", "webhooks: retries above 100"}, {"reports", "reports: nightly run is slower than last week"}, {"api", "partner-api: 429 above 50/min"},
	{"fax", "fax-out: busy lines above 10 %"}, {"menu", "menu: photo store at 70 %"}, {"sms", "sms: provider latency above 5 s"}, {"scheduler", "scheduler: job took longer than 60 s"},
}

// What is said in comments.
var (
	saidTaken = []string{
		"I've got it.", "Mine. Looking now.", "Taking this one.", "Got it, first look before lunch.", "I'll take it; I touched this code last month.",
	}
	saidTriage = []string{
		"Thanks, we have it. It is on the board with its guideline date.", "Read, understood, queued. You will hear from us by the guideline date.", "We have what we need. Next free person takes it.",
	}
	saidInfo = []string{
		"Which store and which order was it? A screenshot would help.", "We cannot see this here. Could you send the steps, one by one, and the time it happened?", "Please tell us the browser and whether it happens every time.",
		"Which customer is this about? Without the account we can only guess.",
	}
	saidInfoBack = []string{
		"It was this morning at about ten, order number is in the description now.", "Every time. I added the steps.", "Here are the details you asked for.", "It is the tablet at the counter, the other one is fine.",
	}
	saidFound = []string{
		"Found it: the value is read before it is written.", "Reproduced on staging with the customer's menu.", "The log shows the time-out an hour before anybody noticed.", "Regression of the last release; a test was missing for this case.",
		"Two causes, as so often. Fixing the one that hurts first.", "It is the time zone. It is always the time zone.", "Not our fault, but ours to handle: the other side sends an empty list.", "Cannot reproduce locally, but the numbers agree with the report.",
	}
	saidReview = []string{
		"Reviewed, one question about the error path.", "Looks good. Thanks for the test.", "Please name the constant, then ship it.", "Two small things, otherwise fine.",
	}
	saidDone = []string{
		"Released. Please tell us if it comes back.", "Done, and checked with the store.", "Fixed on production since noon.", "Done. The answer is in the help pages now, too.", "Done; closed with the customer on the phone.",
	}
	saidAgain = []string{
		"It is back, same as before.", "Not solved for our second store.", "Happened again last night.", "Sorry, the file you sent is of the wrong month.",
	}
	saidLoud = []string{
		"The customer called again and is not amused.", "Third call today. Can somebody please look at this?", "They threaten to go back to the phone.", "Any news? I have to tell them something.", "Escalated to me by the account manager.",
	}
	saidManager = []string{
		"@%w please take this first.", "%w, can you have a look today? The customer is important.", "This has to go out this week.", "Let's put this before the rest.",
	}
	saidLowered = []string{
		"Lowering the priority, there is a workaround.", "Not as urgent as we thought.", "Setting to Major to clean up the board.",
	}
	saidDuplicate = []string{"Same as %k.", "We have this already: %k.", "Duplicate of %k, please follow it there."}
	saidDropped   = []string{"We will not do this: it would help one store and confuse the others.", "Not worth the risk before the rewrite.", "Works as intended; the help page now says so.", "We could not reproduce it and have no further reports."}
	saidVendor    = []string{"Opened a case with the supplier.", "Waiting for the supplier; asked for a date.", "The supplier's first line answered with a form. Filled it in."}
	saidVendorOK  = []string{"The supplier answered: fixed on their side. Checking.", "Got the answer from the supplier, going on."}
	saidFire      = []string{"On it.", "Looking.", "Acknowledged, opening the dashboards.", "I see it too. Starting the runbook."}
	saidRestart   = []string{
		"Restarted gateway-%g, orders flow again.", "Heap at 97 %. Restarted, back after two minutes.", "Restart done. No orders lost as far as I can see.", "Same as on Tuesday. Restarted.", "Restarted, again.",
	}
	saidStandDown = []string{"Quiet for half an hour. Closing.", "All green. Closing.", "Back to normal, closing."}
	saidPaperwork = []string{"Closing, was fixed days ago.", "Old one, cleaning up.", "Done since last week, forgot to close."}
)

var details = []string{
	"It happens several times a day.", "We noticed it on Friday evening, in the middle of service.", "A colleague in another store sees the same.", "It worked last week.",
	"The customer found it before we did.", "Restarting the tablet does not help.", "We have a workaround, but it costs us ten minutes each time.", "It is not urgent, but it looks bad.",
	"I attached a photo of the screen.", "Please tell me what else you need.", "About one order in twenty is affected.", "Nobody here remembers changing anything.",
}

var requestDetails = []string{
	"We need it for our accountant.", "The franchise owner asks for it every month.", "Could this be done before the weekend?", "I could not find it in the portal.", "Same as last time, please.", "The old one left the company.", "Thank you, you are always quick.", "The numbers we have do not agree with the bank's.",
}

var featureDetails = []string{
	"Asked for by %n stores in the last quarter.", "Sales promised nothing, but three prospects asked.", "Would save the desk about two hours a week.", "Small first step: behind a switch for five friendly stores.", "Outcome we hope for: fewer calls on Monday mornings.", "The design is linked; copy is final.",
}

var months = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
