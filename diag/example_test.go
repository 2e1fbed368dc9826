package diag_test

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// This example writes a house check: one that knows a rule of your own house, here that no queue may hold more than a
// thousand messages. It takes a client, a subject and the check. With a real service, the SDK provides the client.

// QueueAPI is what the check needs of AWS: one method that reads. A real one has the SDK's signature.
type QueueAPI interface {
	DescribeQueue(ctx context.Context, in *QueueInput) (*QueueOutput, error)
}

type (
	QueueInput  struct{ Name string }
	QueueOutput struct{ Waiting *int } // AWS may leave out any member
)

// Queue is the subject: one resource and its facts. It gathers and never judges.
type Queue struct {
	api      QueueAPI
	name     string
	describe diag.Memo[*QueueOutput]
}

// Resource names the queue; it makes no call.
func (q *Queue) Resource() diag.Resource { return diag.Resource{Type: "House::Queue", ID: q.name} }

// Describe is a fact: it is fetched on first use, and once, however many checks ask.
func (q *Queue) Describe(ctx context.Context) (*QueueOutput, error) {
	return q.describe.Get(ctx, func(ctx context.Context) (*QueueOutput, error) {
		out, err := q.api.DescribeQueue(ctx, &QueueInput{q.name})
		if err != nil {
			return nil, fmt.Errorf("describing queue %s: %w", q.name, err)
		}
		return out, nil
	})
}

// QueueBacklog is the check: what can be read without running it, and a function that judges and never calls AWS.
var QueueBacklog = &diag.Check[*Queue]{
	Info: diag.Info{
		Code: "house.queue-backlog", Title: "Queue backlog", Severity: diag.SeverityError,
		Doc:     "More than a thousand messages wait: the workers are down or too few.",
		Actions: []string{"house:DescribeQueue"},
		Breaks:  []diag.Mechanism{diag.Request},                   // requests wait as long as the queue does
		Needs:   []diag.Mechanism{diag.TaskRun, diag.Application}, // and workers that do not run explain it
	},
	Run: func(ctx context.Context, q *Queue) ([]diag.Finding, error) {
		out, err := q.Describe(ctx)
		if err != nil || out.Waiting == nil || *out.Waiting <= 1000 {
			return nil, err
		}
		return []diag.Finding{{
			Summary:  fmt.Sprintf("%d messages wait in queue %s, more than 1000", *out.Waiting, q.name),
			Evidence: []diag.Evidence{{Source: "house:DescribeQueue", Field: "waiting", Value: fmt.Sprint(*out.Waiting)}},
		}}, nil
	},
}

// QueueFake is a world of queues. Package diagfake makes it record, page and fail as AWS would.
type QueueFake struct {
	diagfake.Recorder
	Waiting map[string]int
}

// DescribeQueue answers from the world.
func (f *QueueFake) DescribeQueue(ctx context.Context, in *QueueInput) (*QueueOutput, error) {
	return diagfake.Serve(ctx, &f.Recorder, "house:DescribeQueue", in, func(in *QueueInput) (*QueueOutput, error) {
		n, ok := f.Waiting[in.Name]
		if !ok {
			return nil, diagfake.APIError("QueueNotFound", "no queue "+in.Name)
		}
		return &QueueOutput{&n}, nil
	})
}

func Example() {
	aws := &QueueFake{Waiting: map[string]int{"orders": 4711, "mails": 3}}
	var plans []diag.Plan
	for _, name := range []string{"orders", "mails", "gone"} {
		plans = append(plans, diag.On(&Queue{api: aws, name: name}, QueueBacklog))
	}
	report := diag.Run(context.Background(), plans...)
	for _, root := range report.Roots() {
		fmt.Println(root.Severity, root.Code, "on", root.Resource)
		fmt.Println(" ", root.Summary)
	}
	for _, unseen := range report.Inconclusive {
		fmt.Println(unseen.Kind, unseen.Err)
	}
	fmt.Println("calls:", report.Coverage.Calls)
	// Output:
	// error house.queue-backlog on House::Queue orders
	//   4711 messages wait in queue orders, more than 1000
	// not-found describing queue gone: operation error house: DescribeQueue, api error QueueNotFound: no queue gone
	// calls: 3
}
