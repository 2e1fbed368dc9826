package rdsdiag

import (
	"strconv"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

func evidence(source, field, value string) diag.Evidence {
	if value == "" {
		value = "(not set)"
	}
	return diag.Evidence{Source: source, Field: field, Value: value}
}

// instanceEvidence quotes a member of the description.
func instanceEvidence(field, value string) diag.Evidence {
	return evidence(callInstances, "DBInstances[0]."+field, value)
}

// eventEvidence quotes an event.
func eventEvidence(e Event) diag.Evidence {
	return diag.Evidence{Source: callEvents, Field: "Events[].Message", Value: e.Message, At: e.At}
}

// pointEvidence quotes one point of a series.
func pointEvidence(s metrics.Series, p metrics.Point, unit string) diag.Evidence {
	return diag.Evidence{Source: callMetrics, Field: s.Metric.Name + " " + s.Metric.Stat, Value: number(p.Value) + unit,
		At: p.At}
}

// newest quotes the newest points of series, in the order given; series without points say nothing.
func newest(set metrics.Set, unit string, wanted ...metrics.Metric) []diag.Evidence {
	var out []diag.Evidence
	for _, m := range wanted {
		s := set.Series(m)
		if p, ok := s.Last(); ok {
			out = append(out, pointEvidence(s, p, unit))
		}
	}
	return out
}

// stretchEvidence quotes the beginning of a stretch, its worst and its last point.
func stretchEvidence(s metrics.Series, b stretch, unit string) []diag.Evidence {
	out := []diag.Evidence{pointEvidence(s, b.first, unit)}
	for _, p := range []metrics.Point{b.worst, b.last} {
		if e := pointEvidence(s, p, unit); e != out[len(out)-1] && e != out[0] {
			out = append(out, e)
		}
	}
	return out
}

// number writes a value with as many digits as help.
func number(v float64) string {
	switch {
	case v == float64(int64(v)):
		return strconv.FormatInt(int64(v), 10)
	case v >= 100 || v <= -100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 1 || v <= -1:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// size writes bytes as people do.
func size(bytes float64) string {
	const mib = 1 << 20
	if bytes < gib && bytes > -gib {
		return number(bytes/mib) + " MiB"
	}
	return number(bytes/gib) + " GiB"
}
