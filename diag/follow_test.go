package diag

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// walker follows links in a world of neighbours and notes what it was asked.
type walker struct {
	neighbours map[string][]Link
	asked      []string
	refuse     func(Link) bool
}

func (w *walker) plan(r Resource) Plan {
	return Join(On(toy{r}, finds("oom", 1, nil)), Observe(toy{r}, neighbourhood(w.neighbours[r.Type]...)))
}

func (w *walker) follow(l Link, to Resource) Plan {
	w.asked = append(w.asked, to.Type)
	if w.refuse != nil && w.refuse(l) {
		return Plan{}
	}
	return w.plan(to)
}

func subjects(r *Report) (types []string) {
	for _, s := range r.Coverage.Subjects {
		types = append(types, s.Type)
	}
	return types
}

func TestFollowWalksBothWaysAndOnce(t *testing.T) {
	w := &walker{neighbours: map[string][]Link{"svc": links("tg>svc>sg"), "tg": links("lb>tg>svc"), "lb": links("lb>tg")}}
	report := Runner{Follow: w.follow}.Run(t.Context(), w.plan(at("svc")))
	assert.Equal(t, []string{"lb", "sg", "svc", "tg"}, subjects(report))
	slices.Sort(w.asked)
	assert.Equal(t, []string{"lb", "sg", "tg"}, w.asked)
	assert.Equal(t, append(links("lb>tg>svc"), links("svc>sg")...),
		[]Link{report.Links[0], report.Links[2], report.Links[1]}, "each link once")
}

func TestFollowKnowsAResourceWithAndWithoutItsARN(t *testing.T) {
	named := at("tg")
	named.ARN = "arn:aws:x:eu-west-1:111122223333:tg"
	w := &walker{neighbours: map[string][]Link{"svc": {{From: at("svc"), To: at("tg")}, {From: at("svc"), To: named}}}}
	report := Runner{Follow: w.follow}.Run(t.Context(), w.plan(at("svc")))
	assert.Equal(t, []string{"tg"}, w.asked)
	assert.Len(t, report.Links, 1)
	assert.Equal(t, named, report.Links[0].To)
	assert.Equal(t, []Resource{at("svc"), named}, report.Coverage.Subjects)
}

// TestFollowAsksAgain: that one link leads nowhere must not hide a resource from another, whatever their order.
func TestFollowAsksAgain(t *testing.T) {
	for i := range 50 {
		w := &walker{neighbours: map[string][]Link{"svc": links("svc>aside", "svc>plain"), "aside": links("aside>tg"),
			"plain": links("plain>tg")},
			refuse: func(l Link) bool { return l.From.Type == "aside" }}
		report := Runner{Follow: w.follow}.Run(t.Context(), w.plan(at("svc")))
		assert.Equal(t, []string{"aside", "plain", "svc", "tg"}, subjects(report), "run %d", i)
	}
}

func TestScopes(t *testing.T) {
	bare := Resource{Type: "svc", ID: "x"}
	here, there := Scope{"111122223333", "eu-west-1"}, Scope{"444455556666", "us-east-1"}
	plan := func() Plan {
		return Join(On(toy{bare}, finds("oom", 1, nil)), Observe(toy{bare}, neighbourhood(Link{From: bare, To: bare})))
	}
	report := Runner{Scope: here, Focus: bare}.Run(t.Context(), plan(), plan().In(there),
		plan().In(Scope{Region: "eu-north-1"}))
	var places []string
	for _, f := range report.Findings {
		places = append(places, fmt.Sprint(f.Resource.Account, "/", f.Resource.Region))
	}
	assert.Equal(t, []string{"111122223333/eu-north-1", "111122223333/eu-west-1", "444455556666/us-east-1"},
		slices.Sorted(slices.Values(places)))
	assert.Len(t, report.Links, 3)
	assert.Equal(t, bare.In(here.Account, here.Region), report.Focus)
}

// TestResolve: without a scope, a subject that has not been described knows its name only, and a link its ARN.
func TestResolve(t *testing.T) {
	full := ResourceOf("svc", "prod/api", "arn:aws:ecs:eu-west-1:111122223333:service/prod/api")
	bare := Resource{Type: "svc", ID: "prod/api"}
	report := Runner{Focus: bare}.Run(t.Context(), On(toy{bare}, finds("oom", 1, nil)),
		On(toy{at("tg")}, finds("sick", 1, nil)),
		Observe(toy{at("tg")}, neighbourhood(Link{From: at("tg"), To: full})))
	assert.Equal(t, "oom@svc/prod/api(sick@tg)", outline(report.Roots()))
	assert.Equal(t, full, report.Roots()[0].Resource)
	assert.Equal(t, full, report.Focus)
	assert.Equal(t, []Resource{full, at("tg")}, report.Coverage.Subjects)
}

func TestResolveLeavesWhatIsAmbiguous(t *testing.T) {
	bare, a, b := Resource{Type: "svc", ID: "x"}, at("svc/x"), at("svc/x")
	b.Region = "us-east-1"
	report := Run(t.Context(), On(toy{bare}, finds("oom", 1, nil)),
		Observe(toy{bare}, neighbourhood(Link{From: a, To: b})))
	assert.Equal(t, bare, report.Findings[0].Resource)
	elsewhere := &Report{Links: []Link{{From: at("svc/x"), To: Resource{Type: "svc", ID: "x", Account: "444455556666"}}}}
	elsewhere.resolve()
	assert.Equal(t, Resource{Type: "svc", ID: "x", Account: "444455556666"}, elsewhere.Links[0].To)
}
