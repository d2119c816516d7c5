package calendar

// Holidays by country, from the tables of github.com/rickar/cal/v2. Only its tables are used: its
// working-hours functions never end on a night shift and count in the zone of their arguments
// (LIBRARIES.md).

import (
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ar"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/ua"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// table of the countries, and of the regions where a country's common holidays are not enough to
// plan by.
func tables() []country {
	return []country{
		{"ar", ar.Holidays}, {"at", at.Holidays},
		{"au-act", au.HolidaysACT}, {"au-nsw", au.HolidaysNSW}, {"au-nt", au.HolidaysNT}, {"au-qld", au.HolidaysQLD},
		{"au-sa", au.HolidaysSA}, {"au-tas", au.HolidaysTAS}, {"au-vic", au.HolidaysVIC}, {"au-wa", au.HolidaysWA},
		{"be", be.Holidays}, {"bg", bg.Holidays}, {"br", br.Holidays}, {"ca", ca.Holidays},
		{"ch", ch.Holidays}, {"ch-ag", ch.HolidaysAG}, {"ch-be", ch.HolidaysBE}, {"ch-bl", ch.HolidaysBL}, {"ch-bs", ch.HolidaysBS},
		{"ch-ge", ch.HolidaysGE}, {"ch-lu", ch.HolidaysLU}, {"ch-sg", ch.HolidaysSG}, {"ch-ti", ch.HolidaysTI}, {"ch-vd", ch.HolidaysVD},
		{"ch-zg", ch.HolidaysZG}, {"ch-zh", ch.HolidaysZH},
		{"cz", cz.Holidays},
		{"de", de.Holidays}, {"de-bb", de.HolidaysBB}, {"de-be", de.HolidaysBE}, {"de-bw", de.HolidaysBW}, {"de-by", de.HolidaysBY},
		{"de-hb", de.HolidaysHB}, {"de-he", de.HolidaysHE}, {"de-hh", de.HolidaysHH}, {"de-mv", de.HolidaysMV}, {"de-ni", de.HolidaysNI},
		{"de-nw", de.HolidaysNW}, {"de-rp", de.HolidaysRP}, {"de-sh", de.HolidaysSH}, {"de-sl", de.HolidaysSL}, {"de-sn", de.HolidaysSN},
		{"de-st", de.HolidaysST}, {"de-th", de.HolidaysTH},
		{"dk", dk.Holidays}, {"es", es.Holidays}, {"fr", fr.Holidays}, {"gb", gb.Holidays}, {"gr", gr.Holidays}, {"hr", hr.Holidays},
		{"ie", ie.Holidays}, {"it", it.Holidays}, {"jp", jp.Holidays}, {"lt", lt.Holidays}, {"lv", lv.Holidays}, {"nl", nl.Holidays},
		{"no", no.Holidays}, {"nz", nz.Holidays}, {"pl", pl.Holidays}, {"ro", ro.Holidays}, {"se", se.Holidays}, {"si", si.Holidays},
		{"sk", sk.Holidays}, {"ua", ua.Holidays}, {"us", us.Holidays}, {"za", za.Holidays},
	}
}

type country struct {
	code string
	days []*cal.Holiday
}

// Countries are the codes that a version's Holidays may be, sorted: ISO 3166 countries, and their
// regions as "de-by". Australia's holidays are by region only.
func Countries() []string {
	var out []string
	for _, c := range tables() {
		out = append(out, c.code)
	}
	slices.Sort(out)
	return out
}

func holidaysOf(code string) ([]*cal.Holiday, bool) {
	for _, c := range tables() {
		if strings.EqualFold(c.code, code) {
			return c.days, true
		}
	}
	return nil, false
}

// holidaysBetween names the days from first to last on which a holiday is kept. Of two on one day the
// one that the table lists first gives the name.
func holidaysBetween(days []*cal.Holiday, first, last int) map[int]string {
	out := make(map[int]string)
	year := func(day int) int { return time.Unix(int64(day)*daySeconds, 0).UTC().Year() }
	for y := year(first) - 1; y <= year(last)+1; y++ { // New Year's Day may be kept in December
		for _, h := range days {
			if d, ok := observed(h, y); ok && out[d] == "" {
				out[d] = "holiday: " + h.Name
			}
		}
	}
	return out
}

// observed is the day on which a holiday of a year is kept: the substitute, where the country moves a
// holiday off the weekend. It repeats cal.Holiday.Calc, because that computes in the machine's own
// zone, where a midnight that daylight saving skips puts the holiday on the day before; half a day
// later, the date is right in every zone.
func observed(h *cal.Holiday, year int) (int, bool) {
	if h.StartYear > 0 && year < h.StartYear || h.EndYear > 0 && year > h.EndYear || h.Func == nil || slices.Contains(h.Except, year) {
		return 0, false
	}
	t := h.Func(h, year)
	if t.IsZero() {
		return 0, false
	}
	y, m, d := t.Add(12 * time.Hour).Date()
	day := int(time.Date(y, m, d+h.CalcOffset, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
	for _, o := range h.Observed {
		if o.Day == weekday(day) {
			return day + o.Offset, true
		}
	}
	return day, true
}
