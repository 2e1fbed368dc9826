package metrics

import "time"

const (
	// pause is how long a slow rise or fall may stand still and still be one: half an hour of no progress ends it.
	pause = 30 * time.Minute
	// progress is how much of the whole way counts as progress: less is noise of the level that it came from.
	progress = 0.03
	// leastLeadUp is how many periods a way must take: less is a step, which began when it was seen.
	leastLeadUp = 2
)

// LeadUp returns the last point before a slow rise or fall began that led to the value at a time: credits fall for
// hours before they are spent, memory rises for hours before there is none. It goes back from there as long as the
// series gains, and false means that there was no such way: a step, or nothing before it. Where the way fills the
// series, it is the first point.
func (s Series) LeadUp(direction Direction, to time.Time) (Point, bool) {
	end := -1
	for i, p := range s.Points {
		if !p.At.After(to) {
			end = i
		}
	}
	if end < 0 {
		return Point{}, false
	}
	up := func(i int) float64 { // how far below the bad value a point lies
		if direction == Fall {
			return s.Points[i].Value - s.Points[end].Value
		}
		return s.Points[end].Value - s.Points[i].Value
	}
	top := end
	for i := end - 1; i >= 0; i-- {
		if s.Points[top].At.Sub(s.Points[i].At) > pause {
			break
		}
		if up(i) > 0 && up(i)-up(top) > progress*up(i) {
			top = i
		}
	}
	if top == end || s.Points[end].At.Sub(s.Points[top].At) < leastLeadUp*s.Period {
		return Point{}, false
	}
	return s.Points[top], true
}
