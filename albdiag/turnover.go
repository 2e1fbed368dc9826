package albdiag

import (
	"context"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// Departure is a time at which targets were made to leave a target group: a release, a scale-in, a deregistration by
// hand. Targets that die are none.
type Departure struct {
	// Start and End are when it began and was over; End may be zero for one moment.
	Start, End time.Time
	// What says what happened, to stand in a list: "deployment of api:34 to service shop/api".
	What string
	// By is what had the targets replaced, such as a service.
	By diag.Resource
	// Evidence shows it.
	Evidence diag.Evidence
}

// Turnover is a target group and when its targets were replaced. That is asked only where the load balancer answered
// 502 and the group gives its targets little time to drain.
type Turnover struct {
	*TargetGroup
	departures func(context.Context) ([]Departure, error)
}

// NewTurnover makes the turnover of a target group of a [Directory]. The function returns when targets were made to
// leave it in the window; it may be slow.
func NewTurnover(tg *TargetGroup, departures func(context.Context) ([]Departure, error)) *Turnover {
	return &Turnover{tg, departures}
}

// TurnoverChecks are the checks of what comes of replacing targets.
func TurnoverChecks() []*diag.Check[*Turnover] { return []*diag.Check[*Turnover]{RequestsCutOff} }

// burst is a short stretch of errors, with how many there were.
type burst struct {
	diag.Window
	errors float64
}

// bursts returns the stretches of time in which the errors of a series matter, the first first. Stretches with one calm
// period between them are one: a period blurs where one ends.
func (p *picture) bursts(series metrics.Series, b bounds) []burst {
	s := shares{series: series, errors: series.Values(), requests: p.totals(series), bounds: b}
	s.end = min(p.periods(series), len(s.errors))
	s.mark()
	var found []burst
	lastBad := -3
	for i := range s.end {
		if !s.bad[i] {
			continue
		}
		if i-lastBad > 2 {
			found = append(found, burst{Window: diag.Window{Start: series.At(i)}})
		}
		lastBad = i
		found[len(found)-1].End = series.At(i + 1)
		found[len(found)-1].errors += s.errors[i]
	}
	return found
}

// maxBurst is how long a burst may last that replacing targets makes: longer, and something else is broken.
const maxBurst = 30 * time.Minute

// shortBursts reports several bursts, all of them short.
func shortBursts(bursts []burst) bool {
	return len(bursts) > 1 && !slices.ContainsFunc(bursts, burst.long)
}

func (b burst) long() bool { return b.Duration() > maxBurst }

// counted reports errors of an outbreak that a counter explains by something else than the replacing of targets.
func (p *picture) counted(o outbreak) bool {
	return slices.ContainsFunc([]func(*picture, outbreak) opinion{refused, badTLS, lambdaFails, lambdaDown},
		func(judge func(*picture, outbreak) opinion) bool { return judge(p, o).verdict == supported })
}
