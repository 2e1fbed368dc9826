package metricsfake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
)

// searchFor is the one form of a search expression that this fake knows: a schema, the exact name of a metric, a
// statistic and a period.
var searchFor = regexp.MustCompile(`^SEARCH\('\{([^,}]+),([^}]+)\} MetricName="([^"]+)"', '([^']+)', (\d+)\)$`)

var labelProperty = regexp.MustCompile(`\$\{PROP\('Dim\.([^']+)'\)\}`)

// search answers with a result for each series that has exactly the dimensions of the schema.
func (c *Client) search(in *cloudwatch.GetMetricDataInput, q types.MetricDataQuery) []types.MetricDataResult {
	m := searchFor.FindStringSubmatch(*q.Expression)
	schema := strings.Split(m[2], ",")
	slices.Sort(schema)
	seconds, _ := strconv.Atoi(m[5])
	span := diag.Window{Start: *in.StartTime, End: *in.EndTime}
	var results []types.MetricDataResult
	for _, s := range c.Series {
		if s.Metric.Namespace != m[1] || s.Metric.Name != m[3] || s.Metric.Stat != m[4] ||
			!slices.Equal(names(s.Metric), schema) {
			continue
		}
		r := types.MetricDataResult{Id: q.Id, StatusCode: types.StatusCodeComplete, Label: aws.String(label(q, s.Metric))}
		for _, p := range aggregate(s.Points, span, time.Duration(seconds)*time.Second, m[4]) {
			r.Timestamps, r.Values = append(r.Timestamps, p.At), append(r.Values, p.Value)
		}
		results = append(results, r)
	}
	return results
}

func names(m metrics.Metric) []string {
	var found []string
	for _, d := range m.Dimensions {
		found = append(found, d.Name)
	}
	slices.Sort(found)
	return found
}

// label fills the values of dimensions into the label of a query, and puts the name of the metric behind, as CloudWatch
// does where an expression has several results.
func label(q types.MetricDataQuery, m metrics.Metric) string {
	return labelProperty.ReplaceAllStringFunc(aws.ToString(q.Label), func(property string) string {
		name := labelProperty.FindStringSubmatch(property)[1]
		for _, d := range m.Dimensions {
			if d.Name == name {
				return d.Value
			}
		}
		return ""
	}) + " " + m.Name
}
