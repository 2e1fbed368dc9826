package metrics

import (
	"math"
	"slices"
	"time"
)

// Direction is the way in which a change is bad.
type Direction int

const (
	// Rise looks for a series that goes up: errors, latency.
	Rise Direction = iota + 1
	// Fall looks for a series that goes down: healthy hosts, credits.
	Fall
)

// Episode is a span in which a series left its usual level.
type Episode struct {
	// Start is the first period that was off. End is the first that was not any more; it is zero while the episode
	// lasts to the end of the series.
	Start, End time.Time
	// Before is the level just before. Peak is the furthest point of the episode.
	Before float64
	Peak   Point
}

// Ongoing reports an episode that lasts to the end of the series.
func (e Episode) Ongoing() bool { return e.End.IsZero() }

const (
	// levelWindow is over how many points just before the usual level is taken: an hour at the standard period.
	levelWindow = 12
	// minLevel is the least number of points that make a level.
	minLevel = 4
	// farOff and off say how many times the noise a single point, or each of three in a row, must lie away.
	farOff, off = 6.0, 3.5
	// leaving is how many times the noise a point lies away that still belongs to the way up.
	leaving = 2.5
	// thirdOfNormal turns the distance within which a third of normal values lie into their standard deviation.
	thirdOfNormal = 1 / 0.4307
	// relativeFloor is the least noise, as a share of the level: nobody cares for less.
	relativeFloor = 0.03
	// maxGap is how many usual periods may lie between episodes of one group.
	maxGap = 6
)

// Episodes returns the spans in which the series was off its usual level in the direction, oldest first.
//
// The level is the median of the hour before, in which points that were off do not count; the noise is how
// far the series usually is from that level, so that a season is part of the noise. A point is off when it lies six
// times the noise away, or is one of three in a row that lie four times away. The first hour can only be compared with
// as much as there is before it.
func (s Series) Episodes(direction Direction) []Episode {
	d := detector{values: s.Values(), counts: s.Metric.Counts()}
	if direction == Fall {
		for i := range d.values {
			d.values[i] = -d.values[i]
		}
	}
	d.run()
	var episodes []Episode
	for i := 0; i < len(d.off); i++ {
		if !d.off[i] {
			continue
		}
		end := i
		for end < len(d.off) && (d.off[end] || (math.IsNaN(d.values[end]) && !d.calmAgain(end))) {
			end++
		}
		episodes = append(episodes, s.episode(d, i, end))
		i = end
	}
	return episodes
}

// calmAgain reports that the next known value after i is at its usual level.
func (d *detector) calmAgain(i int) bool {
	for ; i < len(d.values); i++ {
		if !math.IsNaN(d.values[i]) {
			return !d.off[i]
		}
	}
	return false
}

func (s Series) episode(d detector, start, end int) Episode {
	peak := start
	for i := start; i < end; i++ {
		if d.values[i] > d.values[peak] {
			peak = i
		}
	}
	values := s.Values()
	e := Episode{Start: s.At(start), Before: math.Abs(d.level[start]), Peak: Point{At: s.At(peak), Value: values[peak]}}
	if end < len(values) {
		e.End = s.At(end)
	}
	return e
}

// Onset returns the last group of episodes as one, from its first beginning to its last end: a trouble that comes and
// goes began when it first came.
func (s Series) Onset(direction Direction) (Episode, bool) {
	episodes := s.Episodes(direction)
	if len(episodes) == 0 {
		return Episode{}, false
	}
	group := episodes[len(episodes)-1]
	for _, e := range slices.Backward(episodes[:len(episodes)-1]) {
		if group.Start.Sub(e.End) > maxGap*s.Period {
			break
		}
		group.Start, group.Before = e.Start, e.Before
		if (direction == Rise && e.Peak.Value > group.Peak.Value) || (direction == Fall && e.Peak.Value < group.Peak.Value) {
			group.Peak = e.Peak
		}
	}
	return group, true
}

// detector looks for rises in values, of which NaN are unknown.
type detector struct {
	values []float64
	counts bool
	level  []float64
	off    []bool
	noise  float64
}

func (d *detector) run() {
	d.off = make([]bool, len(d.values))
	d.level = make([]float64, len(d.values))
	d.noise = d.usualNoise()
	for i, v := range d.values {
		level, ok := d.levelBefore(i)
		if !ok || math.IsNaN(v) {
			continue
		}
		d.level[i] = level
		if d.away(v, level) >= farOff || d.third(i, level) {
			d.markBack(i, level)
		}
	}
}

// away returns how many times the noise v lies above level.
func (d *detector) away(v, level float64) float64 {
	scale := max(d.noise, relativeFloor*math.Abs(level), 1e-9)
	if d.counts {
		scale = max(scale, math.Sqrt(max(math.Abs(level), 1))) // counts vary by the root of their number
	}
	return (v - level) / scale
}

// third reports that i and the two known values before it all lie above the level.
func (d *detector) third(i int, level float64) bool {
	n := 0
	for ; i >= 0 && n < 3; i-- {
		if math.IsNaN(d.values[i]) {
			continue
		}
		if d.away(d.values[i], level) < off {
			return false
		}
		n++
	}
	return n == 3
}

// markBack marks i as off, and before it the way up from the level that was usual before the way began.
func (d *detector) markBack(i int, level float64) {
	d.off[i] = true
	if i > 0 && d.off[i-1] {
		return
	}
	for j := i - 1; j >= minLevel; j-- {
		if math.IsNaN(d.values[j]) || d.off[j] {
			return
		}
		before, ok := d.levelBefore(j)
		if !ok || d.away(d.values[j], before) < leaving {
			return
		}
		d.off[j], d.level[j] = true, before
	}
}

// levelBefore returns the median of the last usual points before i.
func (d *detector) levelBefore(i int) (float64, bool) {
	var last []float64
	for j := i - 1; j >= 0 && len(last) < levelWindow; j-- {
		if !d.off[j] && !math.IsNaN(d.values[j]) {
			last = append(last, d.values[j])
		}
	}
	if len(last) < minLevel {
		return 0, false
	}
	return median(last), true
}

// usualNoise returns the standard deviation that belongs to the distance from the level before them of a third of the
// points. A third, not half: in a short series most points may belong to the trouble.
func (d *detector) usualNoise() float64 {
	var distances []float64
	for i, v := range d.values {
		if level, ok := d.levelBefore(i); ok && !math.IsNaN(v) {
			distances = append(distances, math.Abs(v-level))
		}
	}
	if len(distances) == 0 {
		return 0
	}
	slices.Sort(distances)
	return thirdOfNormal * distances[(len(distances)-1)/3]
}
