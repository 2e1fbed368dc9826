package traces_test

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/traces"
	"github.com/awsdiag/awsdiag/diag/traces/tracesfake"
)

var (
	now    = time.Date(2026, 2, 11, 14, 0, 0, 0, time.UTC)
	window = diag.Last(3*time.Hour, now)
)

// request is a traced request of the service web, which asks api, which writes to a DynamoDB table.
type request struct {
	minutes int // before now
	seconds float64
	fails   string // where the fault begins: "table", "api", or nowhere
	flag    string // what it is at the table: "fault", "throttle"
	wait    string // who spends the time: "web", or else the table
}

func (r request) trace(n int) tracesfake.Trace {
	at := now.Add(-time.Duration(r.minutes) * time.Minute)
	start, id := float64(at.Unix()), tracesfake.ID(at, n)
	end := start + max(r.seconds, 0.2)
	inner := end - 0.05
	if r.wait == "web" {
		inner = start + 0.1
	}
	fault, table, cause := "", "", ""
	switch r.fails {
	case "api":
		fault, cause = `,"fault":true`, `,"cause":{"exceptions":[{"type":"KeyError","message":"'price'"}]}`
	case "table":
		fault, table = `,"fault":true`, fmt.Sprintf(`,"%s":true`, r.flag)
		cause = `,"cause":{"exceptions":[{"type":"ProvisionedThroughputExceededException","message":"The level of configured provisioned throughput for the table was exceeded."}]}`
	case "handled":
		table = fmt.Sprintf(`,"%s":true`, r.flag)
	}
	times := func(from, to float64) string { return fmt.Sprintf(`"start_time":%.3f,"end_time":%.3f`, from, to) }
	tableCause, apiCause := "", cause
	if r.fails == "table" {
		tableCause, apiCause = cause, ""
	}
	return tracesfake.Trace{ID: id, Segments: []string{
		fmt.Sprintf(`{"id":"w","trace_id":%q,"name":"web","origin":"AWS::ECS::Container",%s%s,"http":{"request":{"method":"GET","url":"http://shop.example/cart?x=1"},"response":{"status":500}},
			"subsegments":[{"id":"w1","name":"api","namespace":"remote",%s%s}]}`, id, times(start, end), fault,
			times(start+0.01, inner), fault),
		fmt.Sprintf(`{"id":"a","parent_id":"w1","trace_id":%q,"name":"api",%s%s%s,
			"subsegments":[{"id":"a1","name":"handler",%s%s,"subsegments":[{"id":"a2","name":"DynamoDB","namespace":"aws",%s%s%s,"aws":{"operation":"PutItem","table_name":"orders"}}]}]}`,
			id, times(start+0.02, inner), fault, apiCause, times(start+0.02, inner), fault, times(start+0.03, inner-0.01), table,
			tableCause),
		fmt.Sprintf(`{"id":"d","parent_id":"a2","trace_id":%q,"name":"DynamoDB","origin":"AWS::DynamoDB::Table","inferred":true,%s%s,"aws":{"operation":"PutItem","table_name":"orders"}}`,
			id, times(start+0.03, inner-0.01), table),
	}}
}

// world has sound requests and n of one kind, a minute apart, the last a minute before now.
func world(n int, r request) *tracesfake.Client {
	c := &tracesfake.Client{Services: graph()}
	for i := range 50 {
		c.Traces = append(c.Traces, request{minutes: 3*i + 2}.trace(1000+i))
	}
	for i := range n {
		r.minutes = i + 1
		c.Traces = append(c.Traces, r.trace(i))
	}
	return c
}

func graph() []types.Service {
	service := func(id int32, name, typ string, edges ...types.Edge) types.Service {
		return types.Service{ReferenceId: aws.Int32(id), Name: aws.String(name), Type: aws.String(typ), Edges: edges}
	}
	edge := func(to int32, total, faults int64) types.Edge {
		return types.Edge{ReferenceId: aws.Int32(to),
			SummaryStatistics: &types.EdgeStatistics{TotalCount: aws.Int64(total), TotalResponseTime: aws.Float64(1),
				FaultStatistics: &types.FaultStatistics{TotalCount: aws.Int64(faults)},
				ErrorStatistics: &types.ErrorStatistics{TotalCount: aws.Int64(1), ThrottleCount: aws.Int64(1)}}}
	}
	return []types.Service{service(0, "web", "client", edge(1, 70, 9)),
		service(1, "web", "AWS::ECS::Container", edge(2, 60, 9)),
		service(2, "api", "AWS::ECS::Container", edge(3, 58, 9), edge(9, 1, 1)),
		service(3, "DynamoDB", "AWS::DynamoDB::Table")}
}

func subject(fake *tracesfake.Client, options ...traces.Option) (*traces.Traces, []diagfake.Fake) {
	return traces.NewTraces(fake, window, options...), []diagfake.Fake{fake}
}
