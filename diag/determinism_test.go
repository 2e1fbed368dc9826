package diag

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shuffled is a world whose checks and surveys take a random time: each run finishes them in another order.
func shuffled(random *rand.Rand) (Runner, Plan) {
	names := []string{"lb", "tg", "svc/1", "svc/2", "sg", "host"}
	codes := []Code{"oom", "net", "sick", "few", "nowhere", "503", "crash", "log"}
	examine := func(r Resource) Plan {
		p := Plan{}
		for i, code := range codes {
			delay := time.Duration(random.IntN(100)) * time.Millisecond
			p = Join(p, On(toy{r}, check(code, func(context.Context) ([]Finding, error) {
				time.Sleep(delay)
				if (len(r.Type)+len(r.ID)+i)%3 == 0 {
					return nil, Errorf(KindDenied, "%s denied: token=secret-of-%s", code, r.Type)
				}
				return []Finding{{Summary: fmt.Sprintf("%s on %s: password=%s%d", code, r, r.Type, i),
					Evidence: []Evidence{{Source: "toy:Read"}}}}, nil
			})))
		}
		delay := time.Duration(random.IntN(100)) * time.Millisecond
		return Join(p, Observe(toy{r}, &Survey[toy]{Name: "toy.thing", Links: func(context.Context, toy) ([]Link, error) {
			time.Sleep(delay)
			return links("lb>tg>svc/1>sg", "tg>svc/2>sg", "svc/1>host", "svc/2>host"), nil
		}, Events: func(context.Context, toy, Window) ([]Event, error) {
			return []Event{{At: noon, Text: "secret=" + r.Type}, {At: noon, Text: "b"}}, nil
		}}))
	}
	plan := Join(examine(at(names[0])), On(toy{at("lb")}, finds("503", 2, nil), finds("503", 2, nil)))
	random.Shuffle(len(plan.jobs), func(i, j int) { plan.jobs[i], plan.jobs[j] = plan.jobs[j], plan.jobs[i] })
	return Runner{Window: Last(time.Hour, noon), Focus: at("lb"),
		Follow: func(_ Link, to Resource) Plan { return examine(to) }}, plan
}

func TestSameWorldSameBytes(t *testing.T) {
	var first string
	for seed := range uint64(200) {
		synctest.Test(t, func(t *testing.T) {
			runner, plan := shuffled(rand.New(rand.NewPCG(seed, 1)))
			report := runner.Run(t.Context(), plan)
			require.NotEmpty(t, report.Roots())
			require.NotEmpty(t, report.Inconclusive)
			text, err := json.MarshalIndent(report, "", " ")
			require.NoError(t, err)
			if first == "" {
				first = string(text)
			}
			require.Equal(t, first, string(text), "seed %d", seed)
		})
	}
	assert.Contains(t, first, "[redacted-")
	assert.NotContains(t, first, "secret-of")
}
