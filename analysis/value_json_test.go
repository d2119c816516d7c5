package analysis

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// What is not known is null and is read back as it was; a share of nothing has no numbers, and what shares no
// counts has no interval.
func TestAShareOfNothingHasNoNumbersInJSON(t *testing.T) {
	p := Period{Label: "July"}
	for _, c := range []struct {
		value Value
		want  string
	}{
		{shareOf(0, 0, p), `"ratio":{"num":null,"den":null,"low":null,"high":null,"counts":true},"n":0`},
		{shareOf(0, 1, p), `"ratio":{"num":0,"den":1,"low":0,"high":0.7`},
		{Value{Unit: Share, N: 3, Ratio: &Ratio{Num: 0, Den: 4, Unit: Hours}}, `"ratio":{"num":0,"den":4,"low":null,"high":null,"counts":false,"unit":"hours"}`},
		{countOf(0, p), `"number":0,"text":"0","n":0`},
	} {
		b, err := json.Marshal(c.value)
		if err != nil || !strings.Contains(string(b), c.want) {
			t.Errorf("%s, %v; want %s in it", b, err, c.want)
		}
		var back Value
		if err := json.Unmarshal(b, &back); err != nil || back.String() != c.value.String() || back.Detail() != c.value.Detail() || c.value.N > 0 && !reflect.DeepEqual(back, c.value) {
			t.Errorf("%+v is read back as %+v, %v", c.value, back, err)
		}
	}
}
