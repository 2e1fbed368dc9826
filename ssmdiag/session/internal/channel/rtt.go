package channel

import "time"

// Bounds of the time after which a frame is sent again, as the agent and AWS's client have them.
const (
	firstTimeout = 200 * time.Millisecond
	maxTimeout   = time.Second
	granularity  = 10 * time.Millisecond
)

// rtt estimates the round-trip time (RFC 6298).
type rtt struct{ smoothed, variation time.Duration }

func (r *rtt) sample(d time.Duration) {
	if r.smoothed == 0 {
		r.smoothed, r.variation = d, d/2
		return
	}
	r.variation += ((r.smoothed - d).Abs() - r.variation) / 4
	r.smoothed += (d - r.smoothed) / 8
}

// timeout is how long to wait for an acknowledgement.
func (r *rtt) timeout() time.Duration {
	if r.smoothed == 0 {
		return firstTimeout
	}
	return min(r.smoothed+max(granularity, 4*r.variation), maxTimeout)
}
