package strict_test

import (
	"fmt"

	"github.com/firebreak/firebreak/analysis/strict"
)

func Example() {
	doc := strict.Read("pages.yaml", []byte(`
window: 15 minutes
sleep: 22:00-07:00
lmit: 3
`))
	top := doc.Map()
	top.Get("window").Duration()
	from, to, _ := top.Get("sleep").Clocks()
	top.Get("limit").Int(1, 100)

	fmt.Println("asleep from", from, "to", to)
	for _, c := range doc.Complaints() {
		fmt.Println(c)
	}
	// Output:
	// asleep from 22h0m0s to 7h0m0s
	// pages.yaml:2:9: "15 minutes" is no duration; a duration is in hours, minutes and seconds and reads 4h, 15m, 90s or 1h30m
	// pages.yaml:4:1: unknown key "lmit"; did you mean "limit"?
}
