package logs

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Breakdown is what a group's lines amount to.
type Breakdown struct {
	// Entries are the lines, with those of one stack trace joined, by time.
	Entries []Entry
	// Tallies are the classes that were seen, by stem.
	Tallies []Tally
	// StreamEnds tells when each stream's last line was written.
	StreamEnds map[string]time.Time
	// Known is from when on the breakdown holds all that there is: the window's start, unless a limit cut it short.
	Known time.Time
}

// Tally is what was seen of one class.
type Tally struct {
	Cause *Cause
	// Hits are sorted by time.
	Hits []Hit
}

// Hit is one entry of a class.
type Hit struct {
	Entry
	Fields []Field
	// Last tells that the entry is among the last words of its stream, which has been silent since.
	Last bool
	// Guess tells that the entry only supposes its cause.
	Guess bool
}

const (
	// lastWords is how close to a stream's end its last words lie, in time and in entries.
	lastWords        = 10 * time.Second
	lastWordsEntries = 8
	// silence is for how long nothing follows them before they are taken for the last: programs that live log health
	// checks or requests more often.
	silence = time.Minute
)

// Breakdown classifies what was read. It comes with the error of an incomplete [Group.Reading].
func (g *Group) Breakdown(ctx context.Context) (*Breakdown, error) {
	return g.breakdown.Get(ctx, func(ctx context.Context) (*Breakdown, error) {
		r, err := g.Reading(ctx)
		if r == nil {
			return nil, err
		}
		return breakDown(r, g.window.End), err
	})
}

func breakDown(r *Reading, now time.Time) *Breakdown {
	b := &Breakdown{Entries: Join(r.Lines), StreamEnds: map[string]time.Time{}, Known: r.Known}
	for _, l := range r.Lines {
		b.StreamEnds[l.Stream] = l.At
	}
	following := b.following()
	hits, killed := map[*Cause][]Hit{}, timeouts{}
	for i, e := range b.Entries {
		class, ok := Classify(e.Text)
		if !ok || killed.explain(class, e) {
			continue
		}
		end := b.StreamEnds[e.Stream]
		last := end.Sub(e.At) <= lastWords && following[i] < lastWordsEntries && now.Sub(end) >= silence
		hits[class.Cause] = append(hits[class.Cause], Hit{Entry: e, Fields: class.Fields, Last: last, Guess: class.Guess})
	}
	for cause, h := range hits {
		b.Tallies = append(b.Tallies, Tally{Cause: cause, Hits: h})
	}
	slices.SortFunc(b.Tallies, func(a, b Tally) int { return cmp.Compare(a.Cause.Stem, b.Cause.Stem) })
	return b
}

// following tells of each entry how many follow it in its stream.
func (b *Breakdown) following() []int {
	n, seen := make([]int, len(b.Entries)), map[string]int{}
	for i := len(b.Entries) - 1; i >= 0; i-- {
		n[i] = seen[b.Entries[i].Stream]
		seen[b.Entries[i].Stream]++
	}
	return n
}

// Tally returns what was seen of a class.
func (b *Breakdown) Tally(stem string) (Tally, bool) {
	if b == nil {
		return Tally{}, false
	}
	i := slices.IndexFunc(b.Tallies, func(t Tally) bool { return t.Cause.Stem == stem })
	if i < 0 {
		return Tally{}, false
	}
	return b.Tallies[i], true
}

// First returns the first hit.
func (t Tally) First() Hit { return t.Hits[0] }

// Last returns the latest hit.
func (t Tally) Last() Hit { return t.Hits[len(t.Hits)-1] }

// Times returns when the hits were.
func (t Tally) Times() []time.Time {
	times := make([]time.Time, len(t.Hits))
	for i, h := range t.Hits {
		times[i] = h.At
	}
	return times
}

// Streams returns the streams that the hits are in, sorted.
func (t Tally) Streams() []string {
	var streams []string
	for _, h := range t.Hits {
		streams = append(streams, h.Stream)
	}
	slices.Sort(streams)
	return slices.Compact(streams)
}

// Count returns the number of hits before and from a time on.
func (t Tally) Count(at time.Time) (before, after int) {
	i, _ := slices.BinarySearchFunc(t.Hits, at, func(h Hit, at time.Time) int { return h.At.Compare(at) })
	return i, len(t.Hits) - i
}

// Values returns the values that the hits have for fields, the most frequent first.
func (t Tally) Values() []string {
	count := map[string]int{}
	for _, h := range t.Hits {
		if len(h.Fields) > 0 && h.Fields[0].Name != processID {
			count[h.Fields[0].Value]++
		}
	}
	values := make([]string, 0, len(count))
	for v := range count {
		values = append(values, v)
	}
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(-cmp.Compare(count[a], count[b]), cmp.Compare(a, b)) })
	return values
}

// Templates counts the entries by their [Template], the most frequent first.
func (b *Breakdown) Templates() []TemplateCount {
	index := map[string]int{}
	var counts []TemplateCount
	for _, e := range b.Entries {
		t := Template(e.Text)
		i, ok := index[t]
		if !ok {
			i = len(counts)
			index[t] = i
			counts = append(counts, TemplateCount{Template: t, First: e})
		}
		counts[i].Count++
		counts[i].Last = e
	}
	slices.SortStableFunc(counts, func(a, b TemplateCount) int { return -cmp.Compare(a.Count, b.Count) })
	return counts
}

// TemplateCount is how often lines of one shape were written.
type TemplateCount struct {
	Template    string
	Count       int
	First, Last Entry
}

// Onset tells when a class began within the window; see [FindOnset].
func (b *Breakdown) Onset(t Tally, window diag.Window) Onset {
	return FindOnset(t.Times(), diag.Window{Start: b.Known, End: window.End})
}
