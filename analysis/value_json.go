package analysis

// What a number is as JSON: of a figure in the wiki's data, in a report and in what is kept of a night alike.
// Names are permanent, and only ever more of them. Shares are 0 to 1, times are seconds, instants are UTC, and
// what is not known is null.

import (
	"encoding/json"

	"github.com/firebreak/firebreak/collectors/record"
)

type valueJSON struct {
	Unit   Unit     `json:"unit"`
	Number *float64 `json:"number"`
	Text   string   `json:"text"` // as people read it; nothing reads it back
	Ratio  *Ratio   `json:"ratio,omitempty"`
	N      int      `json:"n"`
	Of     int      `json:"of,omitempty"`
	Period Period   `json:"period"`
}

// MarshalJSON writes the value with its n, its interval and its period, and as people read it.
func (v Value) MarshalJSON() ([]byte, error) {
	j := valueJSON{v.Unit, nil, v.String(), v.Ratio, v.N, v.Of, v.Period}
	if v.Number.Known {
		j.Number = &v.Number.Value
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Value) UnmarshalJSON(b []byte) error {
	var j valueJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*v = Value{Unit: j.Unit, Ratio: j.Ratio, N: j.N, Of: j.Of, Period: j.Period}
	if j.Number != nil {
		v.Number = record.Num(*j.Number)
	}
	return nil
}

// MarshalJSON writes null for what is not known: all four numbers of a share of nothing, and the interval where
// there is none because counts are not what is shared. Null is read back as 0, which is what a Ratio has for it.
func (r Ratio) MarshalJSON() ([]byte, error) {
	j := struct {
		Num    *float64 `json:"num"`
		Den    *float64 `json:"den"`
		Low    *float64 `json:"low"`
		High   *float64 `json:"high"`
		Counts bool     `json:"counts"`
		Unit   Unit     `json:"unit,omitempty"`
	}{Counts: r.Counts, Unit: r.Unit}
	if r.Den != 0 {
		j.Num, j.Den = &r.Num, &r.Den
		if r.Counts {
			j.Low, j.High = &r.Low, &r.High
		}
	}
	return json.Marshal(j)
}

// String is "good", "bad", or "" for neither.
func (m Mood) String() string { return [...]string{"", "good", "bad"}[m] }

// MarshalText writes the mood as String does.
func (m Mood) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what MarshalText writes. A word of a later firebreak is no mood.
func (m *Mood) UnmarshalText(b []byte) error {
	*m = Neutral
	for _, is := range []Mood{Good, Bad} {
		if is.String() == string(b) {
			*m = is
		}
	}
	return nil
}
