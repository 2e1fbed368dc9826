package traces

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/aws/aws-sdk-go-v2/service/xray/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Edge is the calls of one service to another within the window, as the service graph counts them.
type Edge struct {
	From, To string
	// Type is the type of what was called, such as "AWS::DynamoDB::Table", "remote" or "client".
	Type                            string
	Total, Faults, Errors, Throttle int64
	// Seconds is the sum of their response times.
	Seconds float64
}

// Graph returns the edges of the service graph, those with most faults first. What was read is returned even with an
// error.
func (t *Traces) Graph(ctx context.Context) ([]Edge, error) {
	return t.graph.Get(ctx, func(ctx context.Context) ([]Edge, error) {
		spans, clipped := t.spans()
		found, errs := make([][]Edge, len(spans)), make([]error, len(spans)+1)
		var group sync.WaitGroup
		for i, span := range spans {
			group.Go(func() { found[i], errs[i] = t.graphOf(ctx, span) })
		}
		group.Wait()
		errs[len(spans)] = clipped
		return sum(slices.Concat(found...)), errors.Join(errs...)
	})
}

func (t *Traces) graphOf(ctx context.Context, span diag.Window) ([]Edge, error) {
	pages := xray.NewGetServiceGraphPaginator(t.api,
		&xray.GetServiceGraphInput{StartTime: aws.Time(span.Start), EndTime: aws.Time(span.End)})
	var services []types.Service
	for n := 0; pages.HasMorePages(); n++ {
		if n == maxPages {
			return edges(services), diag.Errorf(diag.KindIncomplete, "reading the service graph from %s: stopped after %d pages",
				stamp(span.Start), n)
		}
		page, err := pages.NextPage(ctx)
		if err != nil {
			return edges(services), fmt.Errorf("reading the service graph from %s: %w", stamp(span.Start), err)
		}
		services = append(services, page.Services...)
	}
	return edges(services), nil
}

// edges joins services, which name what they call by number.
func edges(services []types.Service) []Edge {
	byID := map[int32]types.Service{}
	for _, s := range services {
		if s.ReferenceId != nil {
			byID[*s.ReferenceId] = s
		}
	}
	var found []Edge
	for _, s := range services {
		for _, e := range s.Edges {
			to, known := byID[aws.ToInt32(e.ReferenceId)]
			if e.ReferenceId == nil || !known {
				continue
			}
			edge := Edge{From: aws.ToString(s.Name), To: aws.ToString(to.Name), Type: aws.ToString(to.Type)}
			if aws.ToString(s.Type) == "client" {
				edge.From = "client"
			}
			edge.count(e.SummaryStatistics)
			found = append(found, edge)
		}
	}
	return found
}

func (e *Edge) count(s *types.EdgeStatistics) {
	if s == nil {
		return
	}
	e.Total, e.Seconds = aws.ToInt64(s.TotalCount), aws.ToFloat64(s.TotalResponseTime)
	if s.FaultStatistics != nil {
		e.Faults = aws.ToInt64(s.FaultStatistics.TotalCount)
	}
	if s.ErrorStatistics != nil {
		e.Errors, e.Throttle = aws.ToInt64(s.ErrorStatistics.TotalCount), aws.ToInt64(s.ErrorStatistics.ThrottleCount)
	}
}

// sum adds up the counts of the same edge in several time frames.
func sum(all []Edge) []Edge {
	at := map[[3]string]int{}
	var total []Edge
	for _, e := range all {
		key := [3]string{e.From, e.To, e.Type}
		i, known := at[key]
		if !known {
			at[key] = len(total)
			total = append(total, e)
			continue
		}
		total[i].Total, total[i].Faults, total[i].Errors = total[i].Total+e.Total, total[i].Faults+e.Faults,
			total[i].Errors+e.Errors
		total[i].Throttle, total[i].Seconds = total[i].Throttle+e.Throttle, total[i].Seconds+e.Seconds
	}
	slices.SortFunc(total, func(a, b Edge) int {
		return cmp.Or(-cmp.Compare(a.Faults, b.Faults), -cmp.Compare(a.Total, b.Total), cmp.Compare(a.From, b.From),
			cmp.Compare(a.To, b.To), cmp.Compare(a.Type, b.Type))
	})
	return total
}
