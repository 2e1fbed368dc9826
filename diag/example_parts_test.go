package diag_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// worker is the subject of the examples: something that works off a queue.
type worker struct{ name string }

func (w worker) Resource() diag.Resource { return diag.Resource{Type: "House::Worker", ID: w.name} }

var workerDown = &diag.Check[worker]{
	Info: diag.Info{Code: "house.worker-down", Title: "Worker down", Doc: "It is.", Severity: diag.SeverityError,
		Actions: []string{"house:DescribeWorker"}, Breaks: []diag.Mechanism{diag.TaskRun}},
	Run: func(context.Context, worker) ([]diag.Finding, error) {
		return []diag.Finding{{Summary: "the worker has been down for 7 minutes", Evidence: []diag.Evidence{{
				Source: "house:DescribeWorker", Field: "log", Value: "cannot open postgres://app:hunter2@10.0.1.7:5432/orders"}}}},
			nil
	},
}

var queueNeighbours = &diag.Survey[*Queue]{
	Name: "house.queue", Actions: []string{"house:DescribeQueue"},
	Links: func(_ context.Context, q *Queue) ([]diag.Link, error) {
		return []diag.Link{{From: q.Resource(), To: worker{"w1"}.Resource(), Role: "worked off by"}}, nil
	},
}

// TestQueueBacklog is all that a house check needs for a test.
func TestQueueBacklog(t *testing.T) {
	world := func(waiting int) diagtest.World[*Queue] {
		return func() (*Queue, []diagfake.Fake) {
			aws := &QueueFake{Waiting: map[string]int{"orders": waiting}}
			return &Queue{api: aws, name: "orders"}, []diagfake.Fake{aws}
		}
	}
	diagtest.Conform(t, QueueBacklog, diagtest.Worlds[*Queue]{Healthy: world(1000), Broken: world(1001)})
}

// The two checks do not know each other: the mechanism TaskRun and the link join them.
func ExampleReport_Roots() {
	queue := &Queue{api: &QueueFake{Waiting: map[string]int{"orders": 4711}}, name: "orders"}
	report := diag.Run(context.Background(),
		diag.On(queue, QueueBacklog), diag.Observe(queue, queueNeighbours), diag.On(worker{"w1"}, workerDown))
	for _, root := range report.Roots() {
		fmt.Println(root.Code)
		for _, effect := range root.Explains {
			fmt.Println("  explains", effect.Code)
		}
	}
	// Output:
	// house.worker-down
	//   explains house.queue-backlog
}

func ExampleReport_Err() {
	aws := &QueueFake{Waiting: map[string]int{"orders": 3}}
	aws.Deny("house:DescribeQueue")
	report := diag.Run(context.Background(), diag.On(&Queue{api: aws, name: "orders"}, QueueBacklog))
	fmt.Println(report)
	fmt.Println("all-clear:", len(report.Findings) == 0 && report.Err() == nil)
	fmt.Println(diag.KindOf(report.Err()))
	// Output:
	// 0 errors, 0 warnings, 0 infos, 1 inconclusive
	// all-clear: false
	// denied
}

func ExamplePlan_Policy() {
	plan := diag.On(&Queue{name: "orders"}, QueueBacklog)
	policy, err := plan.Policy()
	fmt.Println(string(policy), err)
	// Output:
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Sid": "AwsdiagRead",
	//       "Effect": "Allow",
	//       "Action": [
	//         "house:DescribeQueue"
	//       ],
	//       "Resource": "*"
	//     }
	//   ]
	// } <nil>
}

// A run walks from resource to resource: the survey of the queue names its worker, and Follow tells how to examine it.
func ExampleRunner() {
	queue := &Queue{api: &QueueFake{Waiting: map[string]int{"orders": 4711}}, name: "orders"}
	runner := diag.Runner{
		Scope:  diag.Scope{Account: "111122223333", Region: "eu-west-1"},
		Window: diag.Last(time.Hour, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)),
		Budget: diag.Budget{Time: 30 * time.Second, Calls: 200},
		Follow: func(_ diag.Link, to diag.Resource) diag.Plan {
			if to.Type != "House::Worker" {
				return diag.Plan{}
			}
			return diag.On(worker{to.ID}, workerDown)
		},
	}
	report := runner.Run(context.Background(), diag.On(queue, QueueBacklog), diag.Observe(queue, queueNeighbours))
	for _, subject := range report.Coverage.Subjects {
		fmt.Println(subject, "in", subject.Region)
	}
	fmt.Println(report.Roots()[0].Summary)
	// Output:
	// House::Queue orders in eu-west-1
	// House::Worker w1 in eu-west-1
	// the worker has been down for 7 minutes
}

// What leaves a run is redacted. A key makes the tokens of different runs comparable.
func ExampleRedactor() {
	report := diag.Runner{Redactor: diag.NewRedactor([]byte("a key of the house"))}.Run(context.Background(),
		diag.On(worker{"w1"}, workerDown))
	fmt.Println(report.Findings[0].Evidence[0].Value)
	fmt.Println(diag.NewRedactor(nil).Redact(`{"user":"app","password":"hunter2"} from 10.0.1.7`))
	// Output:
	// cannot open postgres://app:[redacted:edde2feb]@10.0.1.7:5432/orders
	// {"user":"app","password":"[redacted-1]"} from 10.0.1.7
}

func ExampleValidate() {
	fmt.Println(diag.Validate(QueueBacklog.Info, workerDown.Info))
	fmt.Println(diag.Validate(diag.Info{Code: "backlog", Title: "t", Doc: "d", Severity: diag.SeverityInfo,
		Actions: []string{"a:B"}}))
	// Output:
	// <nil>
	// check "backlog": code must be of the form "package.what-is-wrong"
}

func ExampleFinding_MarshalJSON() {
	text, err := json.Marshal(diag.Finding{Code: "house.queue-backlog", Severity: diag.SeverityError,
		Confidence: diag.Certain,
		Resource:   diag.Resource{Type: "House::Queue", ID: "orders"}, Summary: "4711 messages wait"})
	fmt.Println(string(text), err)
	// Output:
	// {"code":"house.queue-backlog","severity":"error","confidence":"certain","resource":{"type":"House::Queue","id":"orders"},"summary":"4711 messages wait","evidence":[],"related":[],"nextSteps":[],"explainedBy":[]} <nil>
}
