package rdsfake

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/pi"
	"github.com/aws/aws-sdk-go-v2/service/pi/types"
)

// Merge adds a recorded answer to the world, as [Client.Merge] does. Keys of statements, which have no times, are given
// again as they were recorded.
func (c *Insights) Merge(in, out any) bool {
	switch out := out.(type) {
	case *pi.GetResourceMetricsOutput:
		in, ok := in.(*pi.GetResourceMetricsInput)
		if !ok || in == nil || in.Identifier == nil {
			return false
		}
		c.mergeMetrics(*in.Identifier, out.MetricList)
	case *pi.DescribeDimensionKeysOutput:
		in, ok := in.(*pi.DescribeDimensionKeysInput)
		if !ok || in == nil || in.Identifier == nil || in.GroupBy == nil {
			return false
		}
		if c.Recorded == nil {
			c.Recorded = map[string]*pi.DescribeDimensionKeysOutput{}
		}
		c.Recorded[*in.Identifier+" "+aws.ToString(in.GroupBy.Group)] = out
		c.load(*in.Identifier)
	default:
		return false
	}
	return true
}

// load makes the database known.
func (c *Insights) load(id string) {
	if c.Loads == nil {
		c.Loads = map[string][]LoadKey{}
	}
	c.Loads[id] = append([]LoadKey{}, c.Loads[id]...)
}

// mergeMetrics files counters, the parts of the load, and what the total has beyond its parts.
func (c *Insights) mergeMetrics(id string, list []types.MetricKeyDataPoints) {
	c.load(id)
	rest := map[time.Time]float64{}
	for _, m := range list {
		if m.Key == nil {
			continue
		}
		name := aws.ToString(m.Key.Metric)
		switch {
		case !strings.HasPrefix(name, "db.load."):
			if c.Counters == nil {
				c.Counters = map[string]map[string][]types.DataPoint{}
			}
			if c.Counters[id] == nil {
				c.Counters[id] = map[string][]types.DataPoint{}
			}
			c.Counters[id][name] = m.DataPoints
			continue
		case len(m.Key.Dimensions) > 0:
			c.Loads[id] = slices.DeleteFunc(c.Loads[id], func(l LoadKey) bool {
				return len(l.Dimensions) == len(m.Key.Dimensions) && contains(l.Dimensions, m.Key.Dimensions)
			})
			c.Loads[id] = append(c.Loads[id], LoadKey{m.Key.Dimensions, m.DataPoints})
		}
		for _, p := range m.DataPoints {
			if len(m.Key.Dimensions) > 0 {
				rest[aws.ToTime(p.Timestamp)] -= aws.ToFloat64(p.Value)
			} else {
				rest[aws.ToTime(p.Timestamp)] += aws.ToFloat64(p.Value)
			}
		}
	}
	c.Loads[id] = slices.DeleteFunc(c.Loads[id], func(l LoadKey) bool { return len(l.Dimensions) == 0 })
	for at, v := range rest {
		rest[at] = max(v, 0)
	}
	if len(rest) > 0 {
		c.Loads[id] = append(c.Loads[id], LoadKey{Points: pointsOf(rest)})
	}
}
