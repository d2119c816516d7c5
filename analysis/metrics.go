package analysis

// Metrics is the table of every question that firebreak answers, in the order of the wiki. A new
// metric is one file and one line here.
var Metrics = []Metric{
	slaResolve, slaRespond, slaTracker, dueNext,
	wip, overload, wipAdvice, pulseOf,
	backlogSize, flowBalance, cumulativeFlow, cycleTime, agingWIP, timeInStage, flowEfficiency, stalled, unowned, backwardMoves,
	twoQueues, emergencyCost,
	supportShare, capacityNext, capacityReserve, teamStructure,
	severityTrend, daysBetween, severityMix, kindMix,
	interruptions, shiftLoad, rotaFairness, pageAnswer, pageHours, detectedBy, outsidePager, pageNoise, repeatRate, streaks,
	ready, sentBack, intakeChannels, selfService, customers,
	postmortemCoverage, improvements, preventionRatio, foreseen, didItWork,
	patternRadar,
	unclassified,
}

// FrontPage is what the first entry of the wiki answers, in this order.
var FrontPage = []struct{ Question, Metric string }{
	{"Are we keeping our promises?", "sla-resolve"},
	{"Are we overloaded?", "overload"},
	{"What share of us is support?", "support-share"},
	{"Is it getting worse?", "severity-trend"},
	{"What is due next?", "due-next"},
}
