package rdsdiag

import (
	"time"

	"github.com/awsdiag/awsdiag/diag/metrics"
)

// trend is the straight line through the newest points of a series.
type trend struct {
	from    time.Time
	last    float64
	perHour float64
	// fit is the share of the variance that the line explains, from 0 to 1.
	fit float64
	// change is how much the line moves over its length.
	change float64
}

// trendOf fits a line to the points of the last d. It takes at least six.
func trendOf(s metrics.Series, d time.Duration) (trend, bool) {
	newest, ok := s.Last()
	if !ok {
		return trend{}, false
	}
	var n, sumX, sumY, sumXX, sumXY, sumYY float64
	t := trend{last: newest.Value}
	for _, p := range s.Points {
		if newest.At.Sub(p.At) > d {
			continue
		}
		if n == 0 {
			t.from = p.At
		}
		x, y := p.At.Sub(newest.At).Hours(), p.Value
		n, sumX, sumY, sumXX, sumXY, sumYY = n+1, sumX+x, sumY+y, sumXX+x*x, sumXY+x*y, sumYY+y*y
	}
	const minPoints = 6
	spread, variance := n*sumXX-sumX*sumX, n*sumYY-sumY*sumY
	if n < minPoints || spread <= 0 || variance <= 0 {
		return trend{}, false
	}
	covariance := n*sumXY - sumX*sumY
	t.perHour, t.fit = covariance/spread, covariance*covariance/(spread*variance)
	t.change = t.perHour * newest.At.Sub(t.from).Hours()
	return t, true
}

// until returns how long a falling line takes to a level.
func (t trend) until(level float64) time.Duration {
	hours := min((t.last-level)/-t.perHour, 24*365) // no longer than a year, which stands for never
	return time.Duration(hours * float64(time.Hour))
}
