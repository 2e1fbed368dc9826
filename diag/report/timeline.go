package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// eventsBefore and eventsAfter are how many events are shown on either side of the onset, eventsLast how many at
	// the end: a longer list is cut in the middle.
	eventsBefore = 8
	eventsAfter  = 10
	eventsLast   = 6
	// linesOfEvent is how many lines an event may take, linesWithLog one with a line of a log, which says why.
	linesOfEvent, linesWithLog = 2, 5
	// changesBefore is how many changes before the onset are shown, however far back.
	changesBefore = 3
	// changeReach is how long before the onset a change is worth a line among the first.
	changeReach = 2 * time.Hour
)

// isChange reports an event that somebody brought about: what broke afterwards may have to do with it.
func isChange(e diag.Event) bool {
	return e.Kind == "deployment" || e.Kind == "change" || e.Kind == "aws-health"
}

// onset is when the first cause began, zero if that is not known.
func (s *story) onset() time.Time {
	if len(s.causes) == 0 {
		return time.Time{}
	}
	at, _ := begin(s.causes[0])
	return at
}

// lastChange returns the last change before the first cause on one of the resources that it has to do with.
func lastChange(s *story) (diag.Event, bool) {
	onset := s.onset()
	near := map[string]bool{}
	walk(s.causes[0], 0, func(r diag.Root, _ int) {
		near[r.Resource.Type+" "+r.Resource.ID] = true
		for _, rel := range r.Related {
			near[rel.Resource.Type+" "+rel.Resource.ID] = true
		}
	})
	for _, e := range slices.Backward(s.Events) {
		if isChange(e) && !e.At.After(onset) && onset.Sub(e.At) <= changeReach && near[e.Resource.Type+" "+e.Resource.ID] {
			return e, true
		}
	}
	return diag.Event{}, false
}

// moment is one event, or several that differ in ids only.
type moment struct {
	diag.Event
	times int
	until time.Time
}

// timeline tells what happened, the onset marked.
func (p *page) timeline(s *story) {
	onset := s.onset()
	moments := fold(s.Timeline(), onset)
	if len(moments) == 0 {
		return
	}
	p.heading("Timeline (UTC)")
	keep := around(moments, onset)
	day, marked, cut := "", onset.IsZero(), 0
	p.day(&day, moments[0].At)
	for i, m := range moments {
		if !marked && !m.At.Before(onset) {
			p.onset(&day, onset, &cut)
			marked = true
		}
		if !keep[i] {
			cut++
			continue
		}
		p.cut(&cut)
		p.day(&day, m.At)
		p.moment(m)
	}
	p.cut(&cut)
	if !marked {
		p.onset(&day, onset, &cut)
	}
}

// fold joins what says the same of the same resource, but for ids, on one side of the onset, also where something else
// lies between: tasks that start and stop in turn are told once.
func fold(events []diag.Event, onset time.Time) []moment {
	var out []moment
	first := map[string]int{}
	for _, e := range events {
		shape := e.Kind + " " + e.Resource.Type + " " + madeID.ReplaceAllString(e.Text, "#") + fmt.Sprint(e.At.Before(onset))
		if e.Resource.Type != "AWS::ECS::Task" { // one task is like another
			shape += " " + e.Resource.ID
		}
		if n, again := first[shape]; again && !isChange(e) {
			out[n].times++
			out[n].until = e.At
			continue
		}
		first[shape] = len(out)
		out = append(out, moment{Event: e, times: 1})
	}
	return out
}

// around marks the moments to show.
func around(moments []moment, onset time.Time) []bool {
	keep := make([]bool, len(moments))
	at := slices.IndexFunc(moments, func(m moment) bool { return !m.At.Before(onset) })
	switch {
	case onset.IsZero(): // no onset: the beginning and the end
		at = eventsBefore
	case at < 0:
		at = len(moments)
	}
	changes := 0
	for i := len(moments) - 1; i >= 0; i-- {
		if isChange(moments[i].Event) && i < at && changes < changesBefore && !onset.IsZero() {
			keep[i] = true
			changes++
			continue
		}
		keep[i] = (i >= at-eventsBefore && i < at+eventsAfter) || i >= len(moments)-eventsLast
	}
	return keep
}

func (p *page) onset(day *string, onset time.Time, cut *int) {
	p.cut(cut)
	p.day(day, onset)
	text := onset.UTC().Format("15:04:05") + "  it begins "
	rest := max(min(p.width, 72)-len(text)-2, 3)
	p.para("  ", "  ", span{text + strings.Repeat(p.rule, rest), red})
}

func (p *page) cut(n *int) {
	if *n > 0 {
		p.para("  ", "  ", span{fmt.Sprintf("%s %d more", p.more, *n), dim})
	}
	*n = 0
}

// day writes the date where it changes.
func (p *page) day(last *string, at time.Time) {
	if day := at.UTC().Format(time.DateOnly); day != *last {
		p.para("  ", "  ", span{day, dim})
		*last = day
	}
}

func (p *page) moment(m moment) {
	text := p.abridged(m.Text)
	if !mentions(m.Text, m.Resource.ID) {
		text = p.abridged(m.Resource.ID) + ": " + text
	}
	lines := linesOfEvent
	if strings.Contains(m.Text, diag.LogSays) {
		lines = linesWithLog
	}
	const rest = "            "
	mark := ""
	if m.times > 1 {
		mark = "  " + m.again(p.glyphs)
	}
	text = p.fitting(text, mark, lines, max(p.width-len(rest), minBody))
	p.clipped(lines, "  "+m.At.UTC().Format("15:04:05")+"  ", rest, span{text, weight(isChange(m.Event))}, span{mark, dim})
}

// fitting is text without the last words for which there is no room on so many lines, if a mark has to stand behind it.
func (p *page) fitting(text, mark string, lines, width int) string {
	fits := func(text string) bool { return len(wrap(p.cleaned([]span{{text + mark, normal}}), width)) <= lines }
	if mark == "" || fits(text) {
		return text
	}
	words := strings.Split(text, " ")
	for n := len(words) - 1; n > 0; n-- {
		if cut := strings.TrimRight(strings.Join(words[:n], " "), " ·,;:-(") + p.more; fits(cut) {
			return cut
		}
	}
	return text
}

var (
	arnHead = regexp.MustCompile(`\barn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:`)
	longHex = regexp.MustCompile(`\b[0-9a-f]{16,}\b`)
	// madeID is what tells two events of one kind apart: ids of tasks and of requests.
	madeID = regexp.MustCompile(`\b(?:[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b`)
)

// abridged is text without what a timeline can spare: the heads of ARNs and the tails of long ids, which the evidence
// has in full.
func (g glyphs) abridged(text string) string {
	text = arnHead.ReplaceAllString(text, "")
	return longHex.ReplaceAllStringFunc(text, func(id string) string { return id[:8] + g.more })
}

// maxEvent is how many characters of an event a document shows.
const maxEvent = 300

// told is a moment in one line: its resource, if the text does not name it, and how often it happened.
func (m moment) told() string {
	text := boxGlyphs.abridged(m.Text)
	if runes := []rune(text); len(runes) > maxEvent {
		text = string(runes[:maxEvent]) + boxGlyphs.more
	}
	if !mentions(m.Text, m.Resource.ID) {
		text = boxGlyphs.abridged(m.Resource.ID) + ": " + text
	}
	return strings.TrimSpace(text + " " + m.again(boxGlyphs))
}

// again tells how often a folded moment happened: "(×3, until 14:05:00)". It is empty for a single one.
func (m moment) again(g glyphs) string {
	if m.times < 2 {
		return ""
	}
	return fmt.Sprintf("(%s%d%s)", g.times, m.times, m.lasted())
}

// lasted tells until when a folded moment lasted, nothing if it was over at once.
func (m moment) lasted() string {
	if m.until.Sub(m.At) < time.Second {
		return ""
	}
	return ", until " + m.until.UTC().Format("15:04:05")
}
