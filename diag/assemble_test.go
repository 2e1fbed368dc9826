package diag

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestOneErrorOfAllChanges: checks of changes that read one sweep go blind together, and are one entry. Other checks,
// other resources and other errors keep theirs.
func TestOneErrorOfAllChanges(t *testing.T) {
	denied := Errorf(KindDenied, "looking up events: denied")
	change := func(code Code, err error) *Check[toy] {
		c := finds(code, 0, err)
		c.Change = true
		return c
	}
	survey := &Survey[toy]{Name: "change.survey", Actions: []string{"toy:List"},
		Links: func(context.Context, toy) ([]Link, error) { return nil, denied }}
	report := Run(t.Context(),
		On(toy{at("svc")}, change("change.a", denied), change("change.b", denied),
			change("change.c", Errorf(KindOther, "else"))),
		On(toy{at("tg")}, change("change.a", denied), change("change.d", nil)),
		On(toy{at("svc")}, finds("few", 0, denied), finds("oom", 0, denied)),
		Observe(toy{at("svc")}, survey))
	assert.Equal(t, []Inconclusive{
		{Code: "change.a", Resource: at("svc"), Kind: KindDenied, Err: "looking up events: denied",
			Also: []Code{"change.b", "change.survey.links"}},
		{Code: "change.a", Resource: at("tg"), Kind: KindDenied, Err: "looking up events: denied"},
		{Code: "change.c", Resource: at("svc"), Kind: KindOther, Err: "else"},
		{Code: "few", Resource: at("svc"), Kind: KindDenied, Err: "looking up events: denied"},
		{Code: "oom", Resource: at("svc"), Kind: KindDenied, Err: "looking up events: denied"},
	}, report.Inconclusive)
	assert.Equal(t, []Code{"change.a", "change.b", "change.survey.links"}, report.Inconclusive[0].Codes())
	assert.True(t, report.Inconclusive[0].Concerns("change.b"))
	assert.False(t, report.Inconclusive[0].Concerns("change.c"))
	assert.EqualError(t, report.Err(), "change.a and 4 more on svc: looking up events: denied\n"+
		"change.a on tg: looking up events: denied\nchange.c on svc: else", "a line for each reason and resource")
	for _, c := range report.Coverage.Checks {
		assert.Equal(t, map[Code]int{"change.a": 2, "change.b": 1, "change.c": 1, "change.d": 0, "few": 1, "oom": 1}[c.Code],
			c.Inconclusive, c.Code)
	}
}
