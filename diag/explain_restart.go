package diag

import (
	"fmt"
	"slices"
	"time"
)

// latent returns the change that a restart took into effect, of those that fit what it seems to have broken, or -1. It
// was made before the restart and after the one before that, and it takes effect at a start or took something away that
// only a start needs.
func (g *graph) latent(restart int, fitting []candidate) int {
	r := g.findings[restart]
	if r.Nature != Restarts {
		return -1
	}
	before := g.startedBefore(restart)
	var found []candidate
	for _, c := range fitting {
		f := g.findings[c.change]
		atStart := f.Nature == AtStart || f.Nature != Restarts && f.Confidence >= Likely
		if atStart && f.Since.Before(r.Since) && (f.Nature != AtStart || f.Since.After(before)) {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		return -1
	}
	return slices.MinFunc(found, candidate.compare).change
}

// startedBefore returns when what a restart restarts was started before that; zero if nobody knows.
func (g *graph) startedBefore(restart int) time.Time {
	r := g.findings[restart]
	var last time.Time
	for i, f := range g.findings {
		if f.Change && f.Code == r.Code && f.Resource.key() == r.Resource.key() && i != restart &&
			f.Since.Before(r.Since) && f.Since.After(last) {
			last = f.Since
		}
	}
	return last
}

// takesEffect puts a change above the restart that took it into effect.
func (g *graph) takesEffect(latent, restart int) {
	if slices.Contains(g.causes[restart], latent) {
		return
	}
	g.link(latent, restart)
	l, r := &g.findings[latent], &g.findings[restart]
	l.Summary += "; it took effect at " + r.Since.UTC().Format(time.RFC3339) + ", when what reads it was started again"
	r.Summary += ", which took an earlier change into effect"
}

// longOngoing is how long before a reaction a trouble may have begun that it is about.
const longOngoing = 6 * time.Hour

// provoked returns the trouble that a change was a reaction to, or -1: a severe one that had begun before, by more than
// clocks may differ, and went on, on what it touched, what depends on that, or what that depends on. What came of the
// change must be of the same kind: a reboot may break what was broken, and one that breaks something else is a cause of
// its own.
func (g *graph) provoked(c int) int {
	f, best := g.findings[c], -1
	if f.Nature != Restarts && f.Nature != Remedy {
		return -1
	}
	for t, trouble := range g.findings {
		began := f.Since.Sub(trouble.Since)
		goesOn := trouble.Until.IsZero() || trouble.Until.After(f.Since)
		if trouble.Change || trouble.Severity < SeverityError || trouble.Since.IsZero() || began <= clockTolerance ||
			began > longOngoing || !goesOn || !g.linked(c, t) || !g.alike(c, t) || g.leads(c, t) {
			continue
		}
		if best < 0 || trouble.Since.Before(g.findings[best].Since) {
			best = t
		}
	}
	return best
}

// alike reports that all that a change seems to have broken is of the mechanisms of a trouble.
func (g *graph) alike(c, t int) bool {
	about := slices.Concat(g.info(t).Breaks, g.info(t).Needs)
	return !slices.ContainsFunc(g.effects[c], func(e int) bool {
		return !meet(g.info(e).Breaks, about) && !meet(g.info(e).Needs, about)
	})
}

// linked reports that a change and a trouble have to do with each other: one's resource depends on the other's.
func (g *graph) linked(c, t int) bool {
	at, about := g.findings[c].Resource.key(), g.findings[t].Resource.key()
	return slices.Contains(g.reachable(about), at) || slices.Contains(g.reachable(at), about)
}

// joinReactions hangs what people did about a trouble, and what came of that, below it, and marks it in the timeline.
func (g *graph) joinReactions(events []Event) {
	for c := range g.findings {
		if !g.findings[c].Change || len(g.causes[c]) > 0 {
			continue
		}
		t := g.provoked(c)
		if t < 0 {
			continue
		}
		f := &g.findings[c]
		markResponse(events, *f)
		if len(g.effects[c]) > 0 {
			g.link(t, c)
			f.Summary += fmt.Sprintf("; in response, since %q had begun at %s", g.info(t).Title,
				g.findings[t].Since.UTC().Format(time.RFC3339))
		}
	}
}

// responds begins the text of an event that somebody did something about a trouble that had begun.
const responds = "in response: "

// markResponse tells in the timeline that a change was a response.
func markResponse(events []Event, f Finding) {
	for i := range events {
		if e := &events[i]; e.Kind == kindChange && e.At.Equal(f.Since) && e.Resource.key() == f.Resource.key() {
			e.Text = responds + e.Text
		}
	}
}

func (g *graph) link(cause, effect int) {
	g.causes[effect] = append(g.causes[effect], cause)
	g.effects[cause] = append(g.effects[cause], effect)
}
