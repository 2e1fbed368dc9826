package metrics

import (
	"cmp"
	"slices"
	"strings"
)

// Metric names one series: a metric with its dimensions, and a statistic of it.
type Metric struct {
	// Namespace is such as "AWS/ApplicationELB".
	Namespace string
	Name      string
	// Stat is Sum, Average, Minimum, Maximum, SampleCount, or a percentile such as "p99".
	Stat       string
	Dimensions []Dimension
}

// Dimension is one name and value that tell a metric from others of its name.
type Dimension struct{ Name, Value string }

// String names the metric in full, with the dimensions in order. Equal metrics have equal names.
func (m Metric) String() string {
	dimensions := m.Dimensions
	byName := func(a, b Dimension) int { return cmp.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(dimensions, byName) {
		dimensions = slices.Clone(dimensions)
		slices.SortFunc(dimensions, byName)
	}
	parts := append(make([]string, 0, 5+4*len(dimensions)), m.Namespace, " ", m.Name, " ", m.Stat)
	for _, d := range dimensions {
		parts = append(parts, " ", d.Name, "=", d.Value)
	}
	return strings.Join(parts, "")
}

// Counts reports a metric that counts happenings, for which a missing point means that none happened.
func (m Metric) Counts() bool { return m.Stat == "Sum" || m.Stat == "SampleCount" }

func metric(namespace, name, stat string, dimensions ...string) Metric {
	m := Metric{Namespace: namespace, Name: name, Stat: stat}
	for i := 0; i+1 < len(dimensions); i += 2 {
		m.Dimensions = append(m.Dimensions, Dimension{dimensions[i], dimensions[i+1]})
	}
	return m
}
