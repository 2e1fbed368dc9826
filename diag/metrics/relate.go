package metrics

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Usual returns the median of the points before t: the level to compare with. It is false with fewer than four points.
func (s Series) Usual(t time.Time) (float64, bool) {
	before := s.Between(diag.Window{Start: s.Span.Start, End: t})
	level, ok := before.Median()
	return level, ok && (s.Metric.Counts() || len(before.Points) >= minLevel)
}

// AtLimit returns the last span of at least n periods in a row with values at or above limit: something is used up, or
// sits flat at its ceiling. Unknown periods end a span.
func (s Series) AtLimit(limit float64, n int) (Episode, bool) {
	values := s.Values()
	var found Episode
	ok := false
	for i := 0; i < len(values); i++ {
		start := i
		for i < len(values) && values[i] >= limit {
			i++
		}
		if i-start >= max(n, 1) {
			part := s.Between(diag.Window{Start: s.At(start), End: s.At(i)})
			peak, _ := part.Max()
			found, ok = Episode{Start: s.At(start), Peak: peak}, true
			found.Before, _ = s.Usual(found.Start)
			if i < len(values) {
				found.End = s.At(i)
			}
		}
	}
	return found, ok
}

// Relation says how two series hang together.
type Relation struct {
	// Lag is how much later the second began to change than the first; negative if earlier.
	Lag time.Duration
	// Correlation is Pearson's coefficient over the periods that both have, from -1 to 1.
	Correlation float64
	// AtOnset is the same over the hour before and after the first began to change only: what moves together all day long
	// says less than what moved together then.
	AtOnset float64
}

// Relate compares the onsets of two series of one span, each in its direction. It is false where one of them has no
// onset. Going together is no proof of a cause: it says what to look at.
func Relate(a Series, inA Direction, b Series, inB Direction) (Relation, bool) {
	first, okA := a.Onset(inA)
	second, okB := b.Onset(inB)
	if !okA || !okB {
		return Relation{}, false
	}
	a, b = both(a, b)
	near := diag.Window{Start: first.Start.Add(-levelWindow * a.Period), End: first.Start.Add(levelWindow * a.Period)}
	return Relation{Lag: second.Start.Sub(first.Start), Correlation: pearson(a.Values(), b.Values()),
		AtOnset: pearson(a.Between(near).Values(), b.Between(near).Values())}, true
}

// both cuts two series to the time that both cover, so that their values stand side by side.
func both(a, b Series) (Series, Series) {
	common := a.Span
	if b.Span.Start.After(common.Start) {
		common.Start = b.Span.Start
	}
	if b.Span.End.Before(common.End) {
		common.End = b.Span.End
	}
	return a.Between(common), b.Between(common)
}

// Companion is a series that began to change when another did.
type Companion struct {
	Series    Series
	Direction Direction
	Relation  Relation
}

const (
	// together is within how many periods two onsets are one, and sure how strong their correlation must be then.
	together = 3
	sure     = 0.6
)

// Companions returns which of the others rose or fell when the series changed in the direction: those that began first
// come first, then the more strongly related. Series without an onset of their own are left out.
func Companions(s Series, direction Direction, others ...Series) []Companion {
	var found []Companion
	for _, o := range others {
		for _, d := range []Direction{Rise, Fall} {
			r, ok := Relate(s, direction, o, d)
			if !ok || o.Metric.String() == s.Metric.String() {
				continue
			}
			if r.Lag.Abs() <= together*s.Period && math.Abs(r.AtOnset) >= sure && (r.AtOnset > 0) == (d == direction) {
				found = append(found, Companion{o, d, r})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Companion) int {
		return cmp.Or(cmp.Compare(a.Relation.Lag, b.Relation.Lag),
			cmp.Compare(math.Abs(b.Relation.AtOnset), math.Abs(a.Relation.AtOnset)),
			cmp.Compare(a.Series.Metric.String(), b.Series.Metric.String()))
	})
	return found
}

func pearson(a, b []float64) float64 {
	var n, sumA, sumB, sumAA, sumBB, sumAB float64
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		if math.IsNaN(x) || math.IsNaN(y) {
			continue
		}
		n++
		sumA, sumB = sumA+x, sumB+y
		sumAA, sumBB, sumAB = sumAA+x*x, sumBB+y*y, sumAB+x*y
	}
	spread := (n*sumAA - sumA*sumA) * (n*sumBB - sumB*sumB)
	if n < 2 || spread <= 0 {
		return 0
	}
	return (n*sumAB - sumA*sumB) / math.Sqrt(spread)
}
