package logs_test

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
)

func ExampleNewGroup() {
	fake := client(minutes("KeyError: 'PAYMENT_URL'", 12, 8, 4)...)
	group := logs.NewGroup(fake, groupName, window)
	report := diag.Run(context.Background(), diag.On(group, logs.GroupChecks()...))
	for _, f := range report.Findings {
		fmt.Println(f.Severity, f.Code)
		fmt.Println(f.Summary)
	}
	// Output:
	// warning logs.missing-environment-variable
	// Environment variable missing (PAYMENT_URL): 3 times in 1 stream of the log /ecs/prod/api, from 2026-02-11 13:48:00Z to 2026-02-11 13:56:00Z
}

func ExampleClassify() {
	class, ok := logs.Classify("dial tcp 10.0.3.7:5432: connect: connection refused")
	fmt.Println(ok, class.Cause.Stem, class.Field("host"), class.Field("port"))
	// Output: true database-connection-refused 10.0.3.7 5432
}

func ExampleParseReport() {
	v, _ := logs.ParseReport("REPORT RequestId: 6f4c0a1e-0000-0000-0000-000000000001\tDuration: 212.50 ms\tBilled " +
		"Duration: 213 ms\tMemory Size: 128 MB\tMax Memory Used: 126 MB")
	fmt.Println(v.Duration, v.MaxMemoryUsed, v.NearMemoryLimit())
	// Output: 212.5ms 126 true
}
