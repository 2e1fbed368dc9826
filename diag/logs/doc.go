// Package logs reads CloudWatch Logs: what programs said, what it means, and since when.
//
// A [Group] is one log group over a window of time. It is read once, newest lines first, within a limit of calls, and
// everything else follows from that reading:
//
//	group := logs.NewGroup(client, "/ecs/prod/api", diag.Last(3*time.Hour, time.Now()))
//	report := diag.Run(ctx, diag.On(group, logs.GroupChecks()...))
//
// The tasks of a service write to streams named prefix/container/task-id; [WithStreamPrefixes] narrows a group to them.
//
// # What went wrong
//
// [Classify] tells the cause that a line or a joined stack trace reports, by the idioms of kernels, databases, language
// runtimes and common libraries. A line that reports none costs one pass and no allocation:
//
//	class, ok := logs.Classify(`KeyError: 'PAYMENT_URL'`)
//	class.Cause.Stem        // missing-environment-variable
//	class.Field("variable") // PAYMENT_URL
//
// Each of [Causes] has a check, logs.<stem>. How loud it is goes by the course of the trouble: what was there all along
// at a steady rate is information, what is new or grew is a warning, and what ends programs now is an error.
// [FindOnset]
// finds when that began.
//
// # Reading within quotas
//
// FilterLogEvents is limited to a few calls a second and account, so calls are paced; groups that share a [diag.Pacer]
// keep to
// the quota together. A quiet group takes one call. A busy one is read plainly for its newest part and through
// [FilterPattern] for the rest; what could not be read is an error of diag.KindIncomplete beside what was.
//
// # By hand
//
// [Group.Tail] returns the last lines of a stream, [TraceRequest] follows a request id through groups,
// [Group.FirstOccurrence] looks back beyond the window, [ParseReport] reads Lambda's REPORT lines, [Runner] runs Logs
// Insights queries, of which [Queries] is a library, and [Tail] follows groups live.
package logs
