package rdsfake

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/pi"
	"github.com/aws/aws-sdk-go-v2/service/pi/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// Insights is a fake of Performance Insights. Its zero value knows no database.
type Insights struct {
	diagfake.Recorder

	// Loads are by DbiResourceId.
	Loads map[string][]LoadKey
	// Counters are series of counter metrics, by DbiResourceId and name such as "db.Concurrency.deadlocks.avg". A counter
	// that nobody has is refused, as the service refuses those of other engines.
	Counters map[string]map[string][]types.DataPoint
	// Recorded are answers of DescribeDimensionKeys, by DbiResourceId and group with a space between; they are given
	// instead of what follows from Loads.
	Recorded map[string]*pi.DescribeDimensionKeysOutput
}

// LoadKey is a part of the load: the sessions with these dimensions.
type LoadKey struct {
	// Dimensions are "db.wait_event.name", "db.wait_event.type" and "db.sql_tokenized.statement".
	Dimensions map[string]string
	Points     []types.DataPoint
}

var _ rdsdiag.LoadAPI = (*Insights)(nil)

// GetResourceMetrics answers with the load, by wait events, and with counters.
func (c *Insights) GetResourceMetrics(
	ctx context.Context, in *pi.GetResourceMetricsInput, _ ...func(*pi.Options),
) (*pi.GetResourceMetricsOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "pi:GetResourceMetrics", in, c.getResourceMetrics)
}

// DescribeDimensionKeys answers with the parts of the load, the greatest first.
func (c *Insights) DescribeDimensionKeys(
	ctx context.Context, in *pi.DescribeDimensionKeysInput, _ ...func(*pi.Options),
) (*pi.DescribeDimensionKeysOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "pi:DescribeDimensionKeys", in, c.describeDimensionKeys)
}

// maxGroups is how many parts one query gives at most.
const maxGroups = 10

func invalidArgument(message string) error {
	return diagfake.APIError("InvalidArgumentException", message)
}

// known refuses what Performance Insights has no data of.
func (c *Insights) known(id *string, start, end *time.Time) ([]LoadKey, error) {
	loads, ok := c.Loads[aws.ToString(id)]
	if !ok {
		return nil, diagfake.APIError("NotAuthorizedException",
			"Performance Insights is not enabled for resource "+aws.ToString(id))
	}
	if start == nil || end == nil || !end.After(*start) {
		return nil, invalidArgument("EndTime must be later than StartTime")
	}
	return loads, nil
}

func (c *Insights) getResourceMetrics(in *pi.GetResourceMetricsInput) (*pi.GetResourceMetricsOutput, error) {
	loads, err := c.known(in.Identifier, in.StartTime, in.EndTime)
	if err != nil {
		return nil, err
	}
	var found []types.MetricKeyDataPoints
	for _, q := range in.MetricQueries {
		name := aws.ToString(q.Metric)
		if points, ok := c.Counters[aws.ToString(in.Identifier)][name]; ok {
			found = append(found, keyOf(name, nil, within(points, in.StartTime, in.EndTime)))
			continue
		}
		if name != "db.load.avg" {
			return nil, invalidArgument("The metric " + name + " is not valid for this resource")
		}
		total, groups := grouped(loads, q.GroupBy, in.StartTime, in.EndTime)
		found = append(found, keyOf(name, nil, total))
		for _, g := range groups[:min(len(groups), maxGroups)] {
			found = append(found, keyOf(name, g.Dimensions, g.Points))
		}
	}
	items, token, err := diagfake.Page(&c.Recorder, "pi:GetResourceMetrics", found, in.NextToken, 20)
	return &pi.GetResourceMetricsOutput{Identifier: in.Identifier, MetricList: items, NextToken: token,
		AlignedStartTime: in.StartTime, AlignedEndTime: in.EndTime}, err
}

func keyOf(metric string, dimensions map[string]string, points []types.DataPoint) types.MetricKeyDataPoints {
	return types.MetricKeyDataPoints{DataPoints: points,
		Key: &types.ResponseResourceMetricKey{Metric: aws.String(metric), Dimensions: dimensions}}
}

func within(points []types.DataPoint, start, end *time.Time) []types.DataPoint {
	var kept []types.DataPoint
	for _, p := range points {
		if at := aws.ToTime(p.Timestamp); !at.Before(*start) && at.Before(*end) {
			kept = append(kept, p)
		}
	}
	return kept
}

// grouped adds the parts up, all and by the dimensions of a group, the greatest first.
func grouped(loads []LoadKey, by *types.DimensionGroup, start, end *time.Time) ([]types.DataPoint, []LoadKey) {
	total, groups := map[time.Time]float64{}, map[string]map[time.Time]float64{}
	dimensions := map[string]map[string]string{}
	for _, l := range loads {
		own := dimensionsIn(l.Dimensions, by)
		key, _ := json.Marshal(own)
		if groups[string(key)] == nil {
			groups[string(key)], dimensions[string(key)] = map[time.Time]float64{}, own
		}
		for _, p := range within(l.Points, start, end) {
			total[aws.ToTime(p.Timestamp)] += aws.ToFloat64(p.Value)
			groups[string(key)][aws.ToTime(p.Timestamp)] += aws.ToFloat64(p.Value)
		}
	}
	var parts []LoadKey
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		if len(dimensions[key]) > 0 {
			parts = append(parts, LoadKey{dimensions[key], pointsOf(groups[key])})
		}
	}
	slices.SortStableFunc(parts, func(a, b LoadKey) int { return cmp.Compare(sumOf(b.Points), sumOf(a.Points)) })
	return pointsOf(total), parts
}

// dimensionsIn keeps the dimensions of a group, all or those it names.
func dimensionsIn(all map[string]string, by *types.DimensionGroup) map[string]string {
	own := map[string]string{}
	for name, value := range all {
		if by != nil && len(name) > len(aws.ToString(by.Group)) && name[:len(*by.Group)+1] == *by.Group+"." &&
			(len(by.Dimensions) == 0 || slices.Contains(by.Dimensions, name)) {
			own[name] = value
		}
	}
	return own
}

func pointsOf(values map[time.Time]float64) []types.DataPoint {
	points := make([]types.DataPoint, 0, len(values))
	for at, v := range values {
		points = append(points, types.DataPoint{Timestamp: aws.Time(at), Value: aws.Float64(v)})
	}
	slices.SortFunc(points, func(a, b types.DataPoint) int { return a.Timestamp.Compare(*b.Timestamp) })
	return points
}

func sumOf(points []types.DataPoint) float64 {
	sum := 0.0
	for _, p := range points {
		sum += aws.ToFloat64(p.Value)
	}
	return sum
}

func (c *Insights) describeDimensionKeys(in *pi.DescribeDimensionKeysInput) (*pi.DescribeDimensionKeysOutput, error) {
	loads, err := c.known(in.Identifier, in.StartTime, in.EndTime)
	if err != nil {
		return nil, err
	}
	if in.GroupBy == nil {
		return nil, invalidArgument("GroupBy is required")
	}
	if out, ok := c.Recorded[*in.Identifier+" "+aws.ToString(in.GroupBy.Group)]; ok {
		return out, nil
	}
	total, groups := grouped(loads, in.GroupBy, in.StartTime, in.EndTime)
	out := &pi.DescribeDimensionKeysOutput{AlignedStartTime: in.StartTime, AlignedEndTime: in.EndTime}
	_, partitions := grouped(loads, in.PartitionBy, in.StartTime, in.EndTime)
	for _, p := range partitions {
		out.PartitionKeys = append(out.PartitionKeys, types.ResponsePartitionKey{Dimensions: p.Dimensions})
	}
	periods := float64(max(len(total), 1))
	var keys []types.DimensionKeyDescription
	for _, g := range groups {
		key := types.DimensionKeyDescription{Dimensions: g.Dimensions, Total: aws.Float64(sumOf(g.Points) / periods)}
		for _, p := range partitions {
			key.Partitions = append(key.Partitions, shared(loads, g.Dimensions, p.Dimensions, in)/periods)
		}
		keys = append(keys, key)
	}
	items, token, err := diagfake.Page(&c.Recorder, "pi:DescribeDimensionKeys", keys, in.NextToken, maxGroups)
	out.Keys, out.NextToken = items, token
	return out, err
}

// shared is the load that has the dimensions of both.
func shared(loads []LoadKey, a, b map[string]string, in *pi.DescribeDimensionKeysInput) float64 {
	sum := 0.0
	for _, l := range loads {
		if contains(l.Dimensions, a) && contains(l.Dimensions, b) {
			sum += sumOf(within(l.Points, in.StartTime, in.EndTime))
		}
	}
	return sum
}

func contains(all, some map[string]string) bool {
	for name, value := range some {
		if all[name] != value {
			return false
		}
	}
	return true
}
