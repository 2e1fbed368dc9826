package metrics

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Seen is what an alarm saw when its state changed: CloudWatch tells it as JSON ("MetricAlarm", StateReasonData, Amazon
// CloudWatch API Reference; "Alarm events and EventBridge", Amazon CloudWatch User Guide).
type Seen struct {
	// Known says that CloudWatch told what it saw. Points that are empty then were missing.
	Known bool
	// Points are the latest values, Lower and Upper the limits of an anomaly band at those times.
	Points, Lower, Upper []float64
}

func seenIn(reasonData *string) Seen {
	var data struct {
		RecentDatapoints, RecentLowerThresholds, RecentUpperThresholds []float64
	}
	if err := json.Unmarshal([]byte(aws.ToString(reasonData)), &data); err != nil {
		return Seen{} // no data, or a form that is not known: the reason remains
	}
	return Seen{Known: true, Points: data.RecentDatapoints, Lower: data.RecentLowerThresholds,
		Upper: data.RecentUpperThresholds}
}

// words tells the latest value, and for an anomaly band what was expected in its place; "" where nothing is known.
func (s Seen) words() string {
	if len(s.Points) == 0 {
		return ""
	}
	said := "it was " + Figure(s.Points[len(s.Points)-1])
	return said + expected(last(s.Lower), last(s.Upper))
}

// expected tells an anomaly band, of which an alarm may watch one side only.
func expected(low, high *float64) string {
	switch {
	case low != nil && high != nil:
		return fmt.Sprintf(" where %s to %s was expected", Figure(*low), Figure(*high))
	case high != nil:
		return fmt.Sprintf(" where at most %s was expected", Figure(*high))
	case low != nil:
		return fmt.Sprintf(" where at least %s was expected", Figure(*low))
	}
	return ""
}

func last(values []float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	return &values[len(values)-1]
}

// Figure writes a number as people do: whole above a hundred, with a few digits below.
func Figure(v float64) string {
	for _, step := range []struct {
		from   float64
		digits int
	}{{100, 0}, {10, 1}, {0.1, 2}} {
		if v >= step.from || -v >= step.from {
			return trimZeros(strconv.FormatFloat(v, 'f', step.digits, 64))
		}
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
