package traces_test

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/traces"
)

// Where do the failing requests fail?
func Example() {
	xray := world(9, request{fails: "table", flag: "fault"})
	seen := traces.NewTraces(xray, window, traces.WithFilter(`service("web")`))
	report := diag.Run(context.Background(), diag.On(seen, traces.TracesChecks()...))
	for _, root := range report.Roots() {
		fmt.Println(root.Code, root.Summary[:62])
	}
	// Output:
	// traces.fault-begins-at faults begin at DynamoDB PutItem (table orders), called by api
}
