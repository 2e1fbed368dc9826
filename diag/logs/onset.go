package logs

import (
	"math"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Course is how something went over a window.
type Course int

const (
	// Steady: it was there before the window or all through it, at much the same rate.
	Steady Course = iota + 1
	// New: it was not there at first and then began.
	New
	// Spike: it was there before and became much more frequent.
	Spike
)

// Onset is when and how something began.
type Onset struct {
	Course Course
	// Since is the first occurrence after the change; the first of all if the course is steady.
	Since time.Time
	// AtLeast tells that it may have begun earlier, out of sight.
	AtLeast bool
	// Before and After count the occurrences before the change and from it on.
	Before, After int
}

const (
	// newEvidence and spikeEvidence are how much likelier a change of rate must be than one rate, as logarithms of
	// likelihood ratios: 3 is about 1 in 100 by chance, 4.5 allows for the many places where a change may lie.
	newEvidence   = 3.0
	spikeEvidence = 4.5
	// spikeRatio is how many times the earlier rate makes a spike.
	spikeRatio = 3.0
)

// FindOnset finds the change in times, sorted and within the window, that explains them best: the place where splitting
// them into two rates of a Poisson process is likeliest against one rate.
func FindOnset(times []time.Time, window diag.Window) Onset {
	if len(times) == 0 {
		return Onset{Course: Steady}
	}
	onset := Onset{Course: Steady, Since: times[0], AtLeast: true, After: len(times)}
	best := 0.0
	if isBurst(times, window) {
		onset, best = Onset{Course: New, Since: times[0], After: len(times)}, newEvidence
	}
	for i := range times {
		evidence, ratio := change(i, len(times), times[i].Sub(window.Start), window.End.Sub(times[i]))
		need := spikeEvidence
		course := Spike
		if i == 0 {
			need, course = newEvidence, New
		}
		if evidence >= need && ratio >= spikeRatio && evidence > best {
			best = evidence
			onset = Onset{Course: course, Since: times[i], Before: i, After: len(times) - i}
		}
	}
	return onset
}

// silentFor is how long nothing of a class must have been logged for it to be over: crash loops wait up to a quarter
// of an
// hour ("Service throttle logic", Amazon ECS), and jobs come once an hour.
const silentFor = 30 * time.Minute

// outlasts is how many times longer than something lasted the silence since must be.
const outlasts = 4

// over reports that what began was over at its last occurrence: the silence since is long, and much longer than it
// lasted.
func (o Onset) over(last, now time.Time) bool {
	silence := now.Sub(last)
	return silence >= silentFor && silence > outlasts*last.Sub(o.Since)
}

// burstEvents is how many occurrences make a burst.
const burstEvents = 3

// isBurst reports whether all times lie so close together, and so far from the window's start, that they hardly come
// from one rate over the window: n of them within the share s of it have the chance n·s^(n-1).
func isBurst(times []time.Time, window diag.Window) bool {
	n, span := len(times), times[len(times)-1].Sub(times[0])
	if n < burstEvents || times[0].Sub(window.Start) < span {
		return false
	}
	share := max(span.Seconds(), 1) / max(window.Duration().Seconds(), 1)
	return -math.Log(float64(n))-float64(n-1)*math.Log(share) >= newEvidence
}

// change returns the logarithm of the likelihood ratio of a change after the first i of n events, and by what factor
// the
// rate grew.
func change(i, n int, before, after time.Duration) (evidence, ratio float64) {
	t0, t1 := max(before.Seconds(), 1), max(after.Seconds(), 1)
	n0, n1 := float64(i), float64(n-i)
	all := (n0 + n1) / (t0 + t1)
	evidence = n1 * math.Log(n1/t1/all)
	ratio = math.Inf(1)
	if i > 0 {
		evidence += n0 * math.Log(n0/t0/all)
		ratio = (n1 / t1) / (n0 / t0)
	}
	return evidence, ratio
}
