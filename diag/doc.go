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
// # Unknown is neither healthy nor broken
//
// A check that was denied, throttled or cut short does not fail and does not stay silent: it stands in
// [Report.Inconclusive] with the [Kind] of its error. Findings that it made before the error are kept.
//
// # Causes come first
//
// Checks do not know each other. A check says which [Mechanism] its trouble breaks and which mechanisms, when broken
// below, would explain it. The driver joins the two along the links between resources and along time; see
// [Report.Roots].
//
// # What leaves a run is redacted
//
// Every text in a report passes the [Redactor] once, in the driver, after all judging is done. Checks see raw data.
package diag
