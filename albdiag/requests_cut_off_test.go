package albdiag_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// period returns the beginning of a period, counted back from the newest.
func period(back int) time.Time { return newest.Add(-time.Duration(back) * 5 * time.Minute) }

// release is a deployment of six minutes that begins two minutes into a period.
func release(back int) albdiag.Departure {
	at := period(back).Add(2 * time.Minute)
	return albdiag.Departure{Start: at, End: at.Add(6 * time.Minute), What: "deployment of api:34 of service api",
		By:       diag.Resource{Type: "AWS::ECS::Service", ID: "shop/api"},
		Evidence: diag.Evidence{Source: "ecs:DescribeServices", Field: "deployments[].createdAt", Value: "api:34", At: at}}
}

func (w *world) turnover(departures ...albdiag.Departure) *albdiag.Turnover {
	tg := albdiag.NewDirectory(w.elb, w.source(), window).TargetGroup(apiARN)
	return albdiag.NewTurnover(tg, func(context.Context) ([]albdiag.Departure, error) { return departures, nil })
}

func (w *world) delay(seconds string) {
	w.elb.TargetGroupAttributes = map[string]map[string]string{apiARN: {"deregistration_delay.timeout_seconds": seconds}}
}

// threeBursts are 502s of two periods each, an hour apart; the last is now.
func threeBursts(w *world) {
	w.delay("0")
	at := make([]float64, 26)
	for _, i := range []int{0, 1, 12, 13, 24, 25} {
		at[i] = 400
	}
	w.counts("HTTPCode_ELB_502_Count", at...)
}

func threeReleases() []albdiag.Departure {
	return []albdiag.Departure{release(25), release(13), release(1)}
}

func TestConformTurnover(t *testing.T) {
	at := func(spoil func(*world)) diagtest.World[*albdiag.Turnover] {
		return func() (*albdiag.Turnover, []diagfake.Fake) {
			w := newWorld()
			spoil(w)
			return w.turnover(threeReleases()...), []diagfake.Fake{w.elb, w.cw}
		}
	}
	diagtest.Conform(t, albdiag.RequestsCutOff,
		diagtest.Worlds[*albdiag.Turnover]{Healthy: at(func(*world) {}), Broken: at(threeBursts)})
	assert.NoError(t, diag.Validate(albdiag.RequestsCutOff.Info))
}

func TestRequestsCutOff(t *testing.T) {
	w := newWorld()
	threeBursts(w)
	f := diagtest.Only(t, diagtest.Run(t, w.turnover(threeReleases()...), albdiag.TurnoverChecks()...),
		"alb.requests-cut-off")
	assert.Equal(t, "shop-api gives targets 0 s to drain, so that no request can end: requests were cut off with 502 "+
		"at 12:25, 13:25 and 14:25, each time while targets were replaced", f.Summary)
	assert.Equal(t, period(25), f.Since)
	assert.Equal(t, diag.SeverityError, f.Severity)
	assert.Equal(t, diag.Likely, f.Confidence)
	assert.Equal(t, apiARN, f.Resource.ARN)
	require.Len(t, f.Related, 2)
	assert.Equal(t, "shop/api", f.Related[1].Resource.ID)
}

// TestCutOffOrNot tells what replacing targets did from what only looks like it.
func TestCutOffOrNot(t *testing.T) {
	hour := func(d albdiag.Departure) albdiag.Departure { d.End = d.Start.Add(3 * time.Hour); return d }
	tests := []struct {
		name       string
		spoil      func(*world)
		departures []albdiag.Departure
		says       string // empty for no finding
		confidence diag.Confidence
	}{
		{"shorter than requests take", func(w *world) { w.delay("5"); w.p99(12) }, threeReleases(),
			"gives targets 5 s to drain, and requests take up to 12 s", diag.Likely},
		{"shorter than the longest request of the group", func(w *world) {
			w.delay("5")
			w.set(metrics.TargetGroupMetric(lbARN, apiARN, "TargetResponseTime", "Maximum"), 25)
		}, threeReleases(), "and requests take up to 25 s", diag.Likely},
		{"one release so far", func(w *world) { w.counts("HTTPCode_ELB_502_Count", 400, 400) },
			[]albdiag.Departure{release(1)},
			"at 14:25, each time", diag.Possible},
		{"earlier releases under the old delay did no harm", func(*world) {},
			append([]albdiag.Departure{release(34), release(30)},
				threeReleases()...), "at 12:25, 13:25 and 14:25", diag.Likely},
		{"long enough", func(w *world) { w.delay("30"); w.p99(12) }, threeReleases(), "", 0},
		{"a burst without a release", func(*world) {}, threeReleases()[1:], "", 0},
		{"releases that do no harm", func(*world) {}, append(threeReleases(), release(20), release(17), release(9)), "", 0},
		{"no release at all", func(*world) {}, nil, "", 0},
		{"errors that stay", func(w *world) { w.counts("HTTPCode_ELB_502_Count", 400, 400, 400, 400, 400, 400, 400, 400) },
			[]albdiag.Departure{release(7)}, "", 0},
		{"a deployment that does not end", func(*world) {}, []albdiag.Departure{hour(release(25))}, "", 0},
		{"targets fail", func(w *world) { w.unhealthyHosts(1, 1) }, threeReleases(), "", 0},
		{"the group runs empty", func(w *world) { w.counts("HTTPCode_ELB_503_Count", 300, 300) }, threeReleases(), "", 0},
		{"nothing listens", func(w *world) { w.counts("TargetConnectionErrorCount", 400, 400) }, threeReleases(), "", 0},
		{"healthy", func(w *world) { w.counts("HTTPCode_ELB_502_Count") }, threeReleases(), "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			threeBursts(w)
			tt.spoil(w)
			report := diagtest.Run(t, w.turnover(tt.departures...), albdiag.TurnoverChecks()...)
			if tt.says == "" {
				diagtest.Want(t, report)
				return
			}
			f := diagtest.Only(t, report, "alb.requests-cut-off")
			assert.Contains(t, f.Summary, tt.says)
			assert.Equal(t, tt.confidence, f.Confidence)
		})
	}
}
