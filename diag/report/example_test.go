package report_test

import (
	"context"
	"os"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/report"
)

// queue is a subject of a house check.
type queue struct{ name string }

func (q *queue) Resource() diag.Resource {
	return diag.Resource{Type: "AWS::SQS::Queue", ID: q.name, Account: "111122223333", Region: "eu-west-1"}
}

var queueStuck = &diag.Check[*queue]{
	Info: diag.Info{Code: "house.queue-stuck", Severity: diag.SeverityWarning},
	Run: func(context.Context, *queue) ([]diag.Finding, error) {
		return []diag.Finding{{
			Summary:  "orders holds 4100 messages, the oldest for 2 h",
			Since:    time.Date(2026, 3, 2, 6, 30, 0, 0, time.UTC),
			Evidence: []diag.Evidence{{Source: "sqs:GetQueueAttributes", Field: "ApproximateNumberOfMessages", Value: "4100"}},
			NextSteps: []diag.Step{{Text: "Look who reads the queue.",
				Command: "aws lambda list-event-source-mappings --event-source-arn arn:aws:sqs:eu-west-1:111122223333:orders"}},
		}}, nil
	},
}

func ExampleText() {
	runner := diag.Runner{Window: diag.Last(3*time.Hour, time.Date(2026, 3, 2, 8, 30, 0, 0, time.UTC))}
	r := runner.Run(context.Background(), diag.On(&queue{"orders"}, queueStuck))
	if err := report.Text(os.Stdout, r, report.Options{Width: 100}); err != nil {
		panic(err)
	}
	// Output:
	// At risk  orders holds 4100 messages, the oldest for 2 h
	// Why      Nothing that was seen explains it: start here.
	// Since    2026-03-02 06:30:00 UTC · 2 h ago · now 08:30:00
	// Where    SQS queue orders, eu-west-1, account 111122223333
	//
	// Cause
	//   warning  orders holds 4100 messages, the oldest for 2 h
	//            SQS queue orders · since 06:30:00 · house.queue-stuck
	//
	//   Evidence
	//     sqs:GetQueueAttributes
	//       ApproximateNumberOfMessages = 4100
	//
	//   Next
	//     1. Look who reads the queue.
	//        $ aws lambda list-event-source-mappings \
	//            --event-source-arn arn:aws:sqs:eu-west-1:111122223333:orders
	//
	// Looked at
	//   1 resource with 1 check: 1 SQS queue
	//   1 found something, 0 found nothing wrong
}
