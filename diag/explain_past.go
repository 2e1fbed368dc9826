package diag

import "time"

// beforeNoticed is how long before somebody noticed the trouble a condition must have ended to be no part of it. People
// notice late, and tell the time to the minute; half an hour is more than the delay of any metric.
const beforeNoticed = 30 * time.Minute

// settle makes information of what was over long before the trouble was noticed, unless it explains something that was
// not: a failover that everybody survived is no cause of what came an hour later, one that left broken pools behind is.
func (g *graph) settle(noticed time.Time) {
	if noticed.IsZero() {
		return
	}
	order := g.causesFirst()
	settled := make([]bool, len(g.findings))
	for n := len(order) - 1; n >= 0; n-- {
		i := order[n]
		settled[i] = g.over(i, noticed)
		for _, e := range g.effects[i] {
			settled[i] = settled[i] && settled[e]
		}
		if settled[i] {
			g.findings[i].Severity = min(g.findings[i].Severity, SeverityInfo)
		}
	}
}

// over reports that a finding, or all that a change broke, had ended well before the trouble was noticed.
func (g *graph) over(i int, noticed time.Time) bool {
	if g.info(i).Change {
		return len(g.effects[i]) > 0
	}
	until := g.findings[i].Until
	return !until.IsZero() && until.Add(beforeNoticed).Before(noticed)
}
