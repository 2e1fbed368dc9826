package diag

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// joinChanges puts changes above what they broke. A change is a finding whose [Info] says so. It explains a finding
// that nothing else explains if it is linked with it, was made before the trouble began and not taken back before that,
// and if it may break a mechanism that the finding is about. Linked is what touched the resource of the finding or one
// that it depends on, what names that resource, and what the finding itself names: the role in a denied call, the host
// that did not resolve. Of several changes the one that fits best explains alone; see [candidate.compare].
//
// A VPC endpoint that was deleted has no links any more, and no call tells what used it. So its deletion explains, as a
// possibility, also what broke shortly after it, if it is the only such one.
//
// A change that explains something takes over the severity of the worst that it explains, and its evidence. One that
// explains nothing stays what it is, an info.
func (g *graph) joinChanges(window Window) {
	changes := g.changes()
	lost := g.lost(changes)
	for e := range g.findings {
		surged := g.onlyDemand(e)
		if len(g.causes[e]) > 0 && !surged || g.info(e).Change || g.findings[e].Severity < SeverityWarning {
			continue
		}
		onset := g.onset(e)
		if surged {
			g.blame(g.fitting(g.limiting(changes), e, onset, window), e)
			continue
		}
		if g.blame(g.fitting(changes, e, onset, window), e) || onset.IsZero() {
			continue
		}
		if c := g.onlyLoss(lost, e, onset); c >= 0 {
			g.cause(c, e)
		}
	}
	g.yield()
}

// blame puts the first of the changes that fit above what it broke, and above that change what a restart took into
// effect.
func (g *graph) blame(fitting []candidate, e int) bool {
	if len(fitting) == 0 {
		return false
	}
	c := fitting[0].change
	g.cause(c, e)
	g.also[e] = alsoPossible(fitting)
	if l := g.latent(c, fitting); l >= 0 {
		g.findings[l].bear(g.findings[e])
		g.takesEffect(l, c)
	}
	return true
}

// cause puts a change above what it broke.
func (g *graph) cause(c, e int) {
	g.link(c, e)
	g.findings[c].bear(g.findings[e])
}

// bear makes a change bear what it explains: its severity, and what shows that it broke something.
func (f *Finding) bear(effect Finding) {
	f.Severity = max(f.Severity, effect.Severity)
	shown := Evidence{Source: effect.Evidence[0].Source, Field: string(effect.Code), Value: effect.Summary,
		At: effect.Since}
	f.Evidence = append(append(slices.Clone(f.Evidence), shown), effect.Evidence...)
}

// changes returns the findings that are changes with a known time, by resource.
func (g *graph) changes() map[Resource][]int {
	at := map[Resource][]int{}
	for i, f := range g.findings {
		if g.info(i).Change && !f.Since.IsZero() {
			at[f.Resource.key()] = append(at[f.Resource.key()], i)
		}
	}
	return at
}

// candidate is a change that may have caused a trouble.
type candidate struct {
	change int
	// gone is a change that took the very resource away, or a part of it, of a trouble of which nobody knows when it
	// began.
	gone bool
	// named tells that the trouble's own words name what was taken away or made unusable.
	named bool
	// span is the step of time that it lies in before the onset, near how far away by links.
	span, near int
	confidence Confidence
	at         time.Time
}

// spans are the steps in which closeness in time counts: within one of them, links count more.
var spans = []time.Duration{15 * time.Minute, time.Hour, 6 * time.Hour}

// compare orders candidates, the likeliest first: what took the resource itself away, where only others' troubles tell
// when that was felt; what was taken away that the trouble names, which may fail long after, when it is next needed;
// what was changed shortly before it began, then what is near by links, then what took something away, then what was
// changed last.
func (c candidate) compare(o candidate) int {
	return cmp.Or(-compareBools(c.gone, o.gone), -compareBools(c.named, o.named), cmp.Compare(c.span, o.span),
		cmp.Compare(c.near, o.near), -cmp.Compare(c.confidence, o.confidence),
		-c.at.Compare(o.at), cmp.Compare(c.change, o.change))
}

// fitting returns the changes that may explain e, the likeliest first.
func (g *graph) fitting(changes map[Resource][]int, e int, onset time.Time, window Window) []candidate {
	if len(changes) == 0 {
		return nil
	}
	about := slices.Concat(g.info(e).Breaks, g.info(e).Needs)
	var found []candidate
	weigh := func(c, near int, named bool) {
		f := g.findings[c]
		if before := cmp.Or(onset, window.End).Sub(f.Since); before >= -clockTolerance && !g.takenBack(c, onset) &&
			g.breaksAny(c, about) {
			span := slices.IndexFunc(spans, func(d time.Duration) bool { return before <= d })
			if span < 0 {
				span = len(spans)
			}
			gone := g.findings[e].Since.IsZero() && f.Confidence >= Likely && f.Until.IsZero() &&
				f.Resource.key() == g.findings[e].Resource.key()
			found = append(found, candidate{c, gone, named && f.Confidence >= Likely, span, near, f.Confidence, f.Since})
		}
	}
	for near, at := range g.reachable(g.findings[e].Resource.key()) {
		for _, c := range changes[at] {
			weigh(c, near, false)
		}
		for _, c := range changedBelow(changes, at) {
			weigh(c, near, false)
		}
	}
	named := g.namesOf(e)
	for _, all := range changes {
		for _, c := range all {
			own := g.findings[c].Resource.key() == g.findings[e].Resource.key()
			if mentioned := named.mention(g.findings[c].Resource); mentioned || g.names(c, g.findings[e].Resource) {
				weigh(c, 0, mentioned && !own)
			}
		}
	}
	slices.SortFunc(found, candidate.compare)
	return found
}

// changedBelow returns the changes of parameters below a path: who reads the path reads them all.
func changedBelow(changes map[Resource][]int, path Resource) []int {
	const parameter = "AWS::SSM::Parameter"
	if path.Type != parameter || !strings.HasPrefix(path.ID, "/") {
		return nil
	}
	var below []int
	for r, at := range changes {
		if r.Type == parameter && strings.HasPrefix(r.ID, path.ID+"/") && r.Account == path.Account && r.Region == path.Region {
			below = append(below, at...)
		}
	}
	slices.Sort(below)
	return below
}

// alsoPossible returns the changes that fit nearly as well as the first: made in the same step of time or in the next
// one, or sure to have taken something away. What was named or taken away itself leaves no doubt.
func alsoPossible(fitting []candidate) []int {
	var also []int
	for i, c := range fitting {
		if i > 0 && (c.span <= fitting[0].span+1 || c.confidence >= Likely) && !fitting[0].gone && !fitting[0].named {
			also = append(also, c.change)
		}
	}
	return also
}

func (g *graph) breaksAny(c int, about []Mechanism) bool {
	return slices.ContainsFunc(g.info(c).Breaks, func(m Mechanism) bool { return slices.Contains(about, m) })
}

// takenBack reports a change that was undone before the trouble began. Where nobody knows when that was, it goes on
// now.
func (g *graph) takenBack(c int, onset time.Time) bool {
	until := g.findings[c].Until
	return !until.IsZero() && (onset.IsZero() || onset.After(until.Add(clockTolerance)))
}

// names reports that a change names a resource beside the one that it touched: the target group that a rule forwards
// to.
func (g *graph) names(c int, r Resource) bool {
	return slices.ContainsFunc(g.findings[c].Related, func(rel Related) bool { return rel.Resource.key() == r.key() })
}

// lossReach is how soon after something was taken away that no link leads to any more a trouble must begin.
const lossReach = 15 * time.Minute

// traceless are the types whose deletion leaves no trace in what used them: no name in a configuration, no dead route.
var traceless = []string{"AWS::EC2::VPCEndpoint"}

// lost returns the changes that took away what nothing is linked with: it is gone.
func (g *graph) lost(changes map[Resource][]int) []int {
	linked := map[Resource]bool{}
	for from, all := range g.near {
		linked[from] = true
		for _, to := range all {
			linked[to] = true
		}
	}
	var lost []int
	for at, of := range changes {
		for _, c := range of {
			if slices.Contains(traceless, at.Type) && !linked[at] && g.findings[c].Confidence >= Likely {
				lost = append(lost, c)
			}
		}
	}
	slices.Sort(lost)
	return lost
}

// onlyLoss returns the one loss that may have broken e, -1 if there is none or more than one call that would fit.
func (g *graph) onlyLoss(lost []int, e int, onset time.Time) int {
	found := -1
	for _, c := range lost {
		f := g.findings[c]
		fits := slices.ContainsFunc(g.info(c).Breaks, func(m Mechanism) bool { return slices.Contains(g.info(e).Breaks, m) })
		soon := !f.Since.After(onset.Add(clockTolerance)) && onset.Sub(f.Since) <= lossReach
		switch {
		case !fits || !soon:
		case found < 0:
			found = c
		case !f.Since.Equal(g.findings[found].Since) || f.Code != g.findings[found].Code: // another call
			return -1
		}
	}
	if found >= 0 {
		g.findings[found].Confidence = Possible
	}
	return found
}

// onset returns when a finding, or the first of what it explains, is known to have begun, or what led up to it; zero if
// nobody knows.
func (g *graph) onset(i int) time.Time {
	var first time.Time
	for j := range g.below(i, g.causesFirst()) {
		f := g.findings[j]
		at := f.LeadUp
		if at.IsZero() && !f.SinceAtLeast {
			at = f.Since
		}
		if !at.IsZero() && !f.Change && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}
