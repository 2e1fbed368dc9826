package metrics

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Found is a metric that a search found, with the values of the dimensions that were left open.
type Found struct {
	Series
	// Values are the values of the dimensions, by their names.
	Values map[string]string
}

// The label of a result holds the values between these, whatever CloudWatch puts around them.
const labelStart, labelEnd, labelBetween = "[[", "]]", "||"

// Search returns the series of a metric that has exactly these dimensions, for all their values, over the span of the
// source: a metric whose dimensions nobody can name beforehand, such as the rules of a web ACL. It is one call;
// CloudWatch answers with 500 series at most ("Search expression syntax", "Use dynamic labels", Amazon CloudWatch User
// Guide). What was read before an error is returned with it.
func (s *Source) Search(ctx context.Context, namespace, name, stat string, dimensions ...string) ([]Found, error) {
	in := &cloudwatch.GetMetricDataInput{
		StartTime: aws.Time(s.span.Start), EndTime: aws.Time(s.span.End), ScanBy: types.ScanByTimestampAscending,
		MetricDataQueries: []types.MetricDataQuery{{Id: aws.String("s0"), Label: aws.String(searchLabel(dimensions)),
			Expression: aws.String(fmt.Sprintf(`SEARCH('{%s} MetricName="%s"', '%s', %d)`,
				strings.Join(append([]string{namespace}, dimensions...), ","), name, stat, int(s.period.Seconds())))}},
	}
	byLabel, order, failed := s.searched(ctx, namespace, in)
	var found []Found
	for _, label := range order {
		values := labelled(label, dimensions)
		if values == nil {
			continue
		}
		m := Metric{Namespace: namespace, Name: name, Stat: stat}
		for _, d := range dimensions {
			m.Dimensions = append(m.Dimensions, Dimension{d, values[d]})
		}
		a := byLabel[label]
		found = append(found, Found{Series{Metric: m, Period: s.period, Span: s.span, Points: a.sorted()}, values})
		if err := a.fault(m, nil); err != nil && failed == nil {
			failed = err
		}
	}
	slices.SortFunc(found, func(a, b Found) int { return strings.Compare(a.Metric.String(), b.Metric.String()) })
	if len(found) < len(order) && failed == nil {
		failed = diag.Errorf(diag.KindIncomplete, "searching metrics of %s: %d of %d results do not tell which they are",
			namespace, len(order)-len(found), len(order))
	}
	return found, failed
}

// searched reads the pages of a search: the answers by their labels, which it returns in their order.
func (s *Source) searched(ctx context.Context, namespace string, in *cloudwatch.GetMetricDataInput) (
	byLabel map[string]*answer, order []string, err error) {
	byLabel = map[string]*answer{}
	pages := cloudwatch.NewGetMetricDataPaginator(s.api, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return byLabel, order, fmt.Errorf("searching metrics of %s: %w", namespace, err)
		}
		for _, r := range page.MetricDataResults {
			label := aws.ToString(r.Label)
			if byLabel[label] == nil {
				byLabel[label], order = &answer{}, append(order, label)
			}
			byLabel[label].add(r)
		}
	}
	return byLabel, order, nil
}

func searchLabel(dimensions []string) string {
	var parts []string
	for _, d := range dimensions {
		parts = append(parts, "${PROP('Dim."+d+"')}")
	}
	return labelStart + strings.Join(parts, labelBetween) + labelEnd
}

// labelled reads the values of the dimensions from a label, nil if it does not hold them.
func labelled(label string, dimensions []string) map[string]string {
	_, rest, _ := strings.Cut(label, labelStart)
	inner, _, ok := strings.Cut(rest, labelEnd)
	parts := strings.Split(inner, labelBetween)
	if !ok || len(parts) != len(dimensions) {
		return nil
	}
	values := map[string]string{}
	for i, d := range dimensions {
		values[d] = parts[i]
	}
	return values
}
