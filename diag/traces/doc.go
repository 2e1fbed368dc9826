// Package traces reads X-Ray for a diagnosis: which requests failed, were throttled or took long, and where in the
// chain of calls that began.
//
//	seen := traces.NewTraces(xrayClient, window, traces.WithFilter(`service("api")`))
//	report := diag.Run(ctx, diag.On(seen, traces.TracesChecks()...))
//	// faults begin at DynamoDB PutItem, called by api: in 9 of 9 faulty traces looked at, …
//
// A trace is a tree of segments: a service, the calls it made, the services that answered them. When a call fails,
// every segment above it fails too. [FaultOrigin] goes down to the lowest one that failed while what it called was
// sound: that is where to look. [SlowOrigin] finds the segment that spent the time itself instead of waiting for
// others.
//
// Both are pure functions over the segment documents, which [Parse] reads tolerantly.
//
// # Limits
//
// X-Ray sees what is instrumented, and of that a sample: by default the first request of each second and five percent
// of the others ("Sampling rules", AWS X-Ray Developer Guide). Counts are of sampled traces. Traces are kept for 30
// days. Where Transaction Search is on, spans go to CloudWatch Logs, and X-Ray finds only those that it indexes.
//
// Traces hold what customers wrote: addresses, statements, exceptions. Their actions are of class data.
package traces
