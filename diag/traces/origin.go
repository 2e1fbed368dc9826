package traces

import (
	"cmp"
	"slices"
	"time"
)

// Origin is where in a trace something began.
type Origin struct {
	// Segment is the lowest segment of which it is true.
	Segment *Segment
	// Service is the service that the segment belongs to or that was called by it, and Caller the one above, "" if the
	// trace begins there. They are the ends of the edge.
	Service, Caller string
}

// FaultOrigin returns where the fault of a trace began: it goes down from the roots to the lowest segment that failed
// while everything that it called was sound. Of several failing calls a fault goes before a throttled request, that
// before an error, and the one that ended last before the others: it is the one that was not retried away. Nil if no
// root faulted.
func FaultOrigin(roots []*Segment) *Origin {
	for _, r := range roots {
		if r.Fault {
			return origin(descend(r, map[*Segment]bool{}))
		}
	}
	return nil
}

func descend(s *Segment, seen map[*Segment]bool) *Segment {
	seen[s] = true
	failing := func(fails func(*Segment) bool) *Segment {
		var last *Segment
		for _, c := range s.Children {
			if fails(c) && !seen[c] && (last == nil || c.End.After(last.End)) {
				last = c
			}
		}
		return last
	}
	for _, fails := range []func(*Segment) bool{
		func(c *Segment) bool { return c.Fault }, func(c *Segment) bool { return c.Throttle },
		func(c *Segment) bool { return c.Error },
	} {
		if c := failing(fails); c != nil {
			return descend(c, seen)
		}
	}
	return s
}

// ThrottleOrigin returns the lowest segment whose request was throttled, nil if none was.
func ThrottleOrigin(roots []*Segment) *Origin {
	var found *Segment
	each(roots, func(s *Segment) {
		if s.Throttle && (found == nil || below(s, found)) {
			found = s
		}
	})
	if found == nil {
		return nil
	}
	return origin(found)
}

// SlowOrigin returns the segment that spent most time itself, instead of waiting for what it called, and how long that
// was. Nil for a trace without times.
func SlowOrigin(roots []*Segment) (*Origin, time.Duration) {
	var slowest *Segment
	var most time.Duration
	each(roots, func(s *Segment) {
		if own := ownTime(s); own > most {
			slowest, most = s, own
		}
	})
	if slowest == nil {
		return nil, 0
	}
	return origin(slowest), most
}

// ownTime is the part of a segment's time in which nothing that it called was under way.
func ownTime(s *Segment) time.Duration {
	children := slices.Clone(s.Children)
	slices.SortFunc(children, func(a, b *Segment) int { return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End)) })
	own, at := s.Duration(), s.Start
	for _, c := range children {
		start, end := c.Start, c.End
		if start.Before(at) {
			start = at
		}
		if end.After(s.End) {
			end = s.End
		}
		if end.After(start) {
			own, at = own-end.Sub(start), end
		}
	}
	return max(own, 0)
}

// each calls f with every segment, parents first.
func each(segments []*Segment, f func(*Segment)) {
	for _, s := range segments {
		f(s)
		each(s.Children, f)
	}
}

func origin(s *Segment) *Origin {
	o := &Origin{Segment: s}
	at := s
	for at.Parent != nil && !named(at) {
		at = at.Parent
	}
	o.Service = at.Name
	for p := at.Parent; p != nil; p = p.Parent {
		if named(p) && p.Name != o.Service {
			o.Caller = p.Name
			break
		}
	}
	return o
}

// named reports a segment whose name is that of a service: one of its own, or a call to one. Other subsegments are work
// inside of a service.
func named(s *Segment) bool { return !s.Sub || s.Namespace != "" || s.Inferred }
