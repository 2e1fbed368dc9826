package diag

import (
	"slices"
	"time"
)

// beforeNoticed is how long before somebody noticed the trouble a condition must have ended to be no part of it: people
// notice late. What has to do with what they complain about gets longer.
const (
	beforeNoticed = 10 * time.Minute
	beforeAsked   = 30 * time.Minute
)

// settle makes information of what was over long before the trouble was noticed, unless it explains something that was
// not: a failover that everybody survived is no cause of what came an hour later, one that left broken pools behind is.
func (g *graph) settle(noticed time.Time, asked []Mechanism) {
	if noticed.IsZero() {
		return
	}
	order := g.causesFirst()
	settled := make([]bool, len(g.findings))
	for n := len(order) - 1; n >= 0; n-- {
		i := order[n]
		settled[i] = g.over(i, noticed, asked)
		for _, e := range g.effects[i] {
			settled[i] = settled[i] && (settled[e] || g.findings[e].Severity <= SeverityInfo)
		}
		if settled[i] {
			g.findings[i].Severity = min(g.findings[i].Severity, SeverityInfo)
		}
	}
}

// over reports that a finding, or all that a change broke, had ended well before the trouble was noticed.
func (g *graph) over(i int, noticed time.Time, asked []Mechanism) bool {
	if g.info(i).Change {
		return len(g.effects[i]) > 0
	}
	until, margin := g.findings[i].Until, beforeNoticed
	if slices.ContainsFunc(asked, func(m Mechanism) bool { return slices.Contains(g.info(i).Breaks, m) }) {
		margin = beforeAsked
	}
	return !until.IsZero() && until.Add(margin).Before(noticed)
}
