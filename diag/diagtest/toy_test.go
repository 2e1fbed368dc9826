package diagtest_test

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// The toy world: queues, which are listed page by page, and told about in full one by one.

type listInput struct{ NextToken *string }

type listOutput struct {
	Names     []string
	NextToken *string
}

type readInput struct{ Name string }

type readOutput struct{ Queues []queueState }

type queueState struct {
	Name    string
	Waiting *int
}

type client struct {
	diagfake.Recorder
	Waiting []int // one queue each
}

func (c *client) List(ctx context.Context, in *listInput) (*listOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "toy:ListQueues", in, func(in *listInput) (*listOutput, error) {
		names := make([]string, len(c.Waiting))
		for i := range names {
			names[i] = fmt.Sprint("q", i)
		}
		page, token, err := diagfake.Page(&c.Recorder, "toy:ListQueues", names, in.NextToken, 10)
		return &listOutput{page, token}, err
	})
}

func (c *client) Read(ctx context.Context, in *readInput) (*readOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "toy:ReadQueue", in, func(in *readInput) (*readOutput, error) {
		var i int
		if _, err := fmt.Sscanf(in.Name, "q%d", &i); err != nil || i >= len(c.Waiting) {
			return nil, diagfake.APIError("QueueNotFound", in.Name)
		}
		return &readOutput{[]queueState{{in.Name, &c.Waiting[i]}}}, nil
	})
}

// queues is the subject.
type queues struct {
	api   *client
	names diag.Memo[[]string]
	sizes diag.MemoMap[string, *int]
}

func (q *queues) Resource() diag.Resource { return diag.Resource{Type: "Toy::Queues", ID: "all"} }

func (q *queues) Names(ctx context.Context) ([]string, error) {
	return q.names.Get(ctx, func(ctx context.Context) ([]string, error) {
		var names []string
		for in := (&listInput{}); ; {
			out, err := q.api.List(ctx, in)
			if err != nil {
				return names, fmt.Errorf("listing queues: %w", err)
			}
			names = append(names, out.Names...)
			if in.NextToken = out.NextToken; in.NextToken == nil {
				return names, nil
			}
		}
	})
}

func (q *queues) Waiting(ctx context.Context, name string) (*int, error) {
	return q.sizes.Get(ctx, name, func(ctx context.Context) (*int, error) {
		out, err := q.api.Read(ctx, &readInput{name})
		if err != nil {
			return nil, fmt.Errorf("reading queue %s: %w", name, err)
		}
		if len(out.Queues) == 0 {
			return nil, nil
		}
		return out.Queues[0].Waiting, nil
	})
}

func world(waiting ...int) func() (*queues, []diagfake.Fake) {
	return func() (*queues, []diagfake.Fake) {
		c := &client{Waiting: waiting}
		return &queues{api: c}, []diagfake.Fake{c}
	}
}

// stuck is a good check.
func stuck() *diag.Check[*queues] {
	return &diag.Check[*queues]{
		Info: diag.Info{Code: "toy.queue-stuck", Title: "Queue stuck", Doc: "More than 100 messages wait.",
			Severity: diag.SeverityError,
			Actions:  []string{"toy:ListQueues", "toy:ReadQueue"}},
		Run: func(ctx context.Context, q *queues) ([]diag.Finding, error) {
			names, err := q.Names(ctx)
			var findings []diag.Finding
			for _, name := range names {
				n, failed := q.Waiting(ctx, name)
				if failed != nil {
					return findings, failed
				}
				if n != nil && *n > 100 {
					findings = append(findings, finding("queue %s has %d messages waiting", name, *n))
				}
			}
			return findings, err
		},
	}
}

func finding(format string, args ...any) diag.Finding {
	return diag.Finding{Summary: fmt.Sprintf(format, args...),
		Evidence: []diag.Evidence{{Source: "toy:ReadQueue", Value: "101"}}}
}
