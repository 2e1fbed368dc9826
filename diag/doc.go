// Package diag is the vocabulary and the driver of awsdiag: what a diagnosis says, and how it is made.
//
// A diagnosis has three parts.
//
//   - A [Subject] stands for one AWS resource. Its methods are facts, fetched on first use and once only (see [Memo]).
//     Subjects gather and never judge.
//   - A [Check] looks at one subject and returns a [Finding] for what is wrong. It is a plain value: a package-level
//     struct with an [Info] that can be read without running anything, and a function. Checks judge and never call AWS
//     themselves.
//   - A [Survey] gathers context about a subject: its neighbours ([Link]), its history ([Event]), its configuration
//     ([Setting]).
//
// # Running checks
//
// [On] joins a subject with checks to a [Plan], [Observe] joins it with surveys. A plan can tell the IAM actions it may
// call ([Plan.Actions], [Plan.Policy]) before anything runs. [Run], or a [Runner] with limits of your own, works plans
// off side by side and returns a [Report]:
//
//	service := ecsdiag.NewService(ecsClient, "prod", "api", window)
//	report := diag.Run(ctx, diag.On(service, ecsdiag.ServiceChecks()...))
//	for _, root := range report.Roots() {
//		fmt.Println(root.Code, root.Summary)
//	}
//	if err := report.Err(); err != nil {
//		// Something could not be seen: no all-clear.
//	}
//
// A run never takes its host down: a panic in a check is that check's error, no goroutine outlives the call, and
// [Budget] bounds time and calls. The same world gives the same report, to the byte.
//
// # Writing a check
//
// A check is twenty lines, and as good as the built-in ones; nothing is registered anywhere. Take a subject that exists
// or write one, and say what is wrong, where you saw it, and which mechanisms it breaks:
//
//	var QueueBacklog = &diag.Check[*Queue]{
//		Info: diag.Info{
//			Code: "house.queue-backlog", Title: "Queue backlog", Severity: diag.SeverityError,
//			Doc:     "More than a thousand messages wait: the workers are down or too few.",
//			Actions: []string{"house:DescribeQueue"},
//			Breaks:  []diag.Mechanism{diag.Request},
//			Needs:   []diag.Mechanism{diag.TaskRun},
//		},
//		Run: func(ctx context.Context, q *Queue) ([]diag.Finding, error) { … },
//	}
//
// The package's example shows it whole, with its subject and its fake. Package diagtest then proves that the check
// keeps the contract: diagtest.Conform needs no more than a healthy and a broken world.
//
// # Unknown is neither healthy nor broken
//
// A check that was denied, throttled or cut short does not fail and does not stay silent: it stands in
// [Report.Inconclusive] with the [Kind] of its error. Findings that it made before the error are kept.
//
// # Causes come first
//
// Checks do not know each other. A check says which [Mechanism] its trouble breaks and which mechanisms, when broken
// below, would explain it. A finding is explained by another when the other breaks what it needs, when its resource is
// the other's or depends on it over links, and when the other did not begin later. Findings of [SeverityInfo] explain
// nothing. See [Report.Roots].
//
// # What leaves a run is redacted
//
// Every text in a report passes the [Redactor] once, in the driver, after all judging is done. Checks see raw data.
package diag
