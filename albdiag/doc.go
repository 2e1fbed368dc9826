// Package albdiag diagnoses Elastic Load Balancing: Application Load Balancers above all, and target groups of every
// kind of load balancer.
//
// There are two subjects, [LoadBalancer] and [TargetGroup]. Both read from the SDK's client and, for metrics, from a
// source that all subjects of a run share:
//
//	window := diag.Last(time.Hour, time.Now())
//	source := metrics.NewSource(cloudwatchClient, window)
//	directory := albdiag.NewDirectory(elbClient, source, window)
//	lb := directory.LoadBalancer("shop-prod-alb")
//	report := diag.Run(ctx, diag.On(lb, albdiag.LoadBalancerChecks()...), diag.Observe(lb, albdiag.LoadBalancerSurvey))
//
// A [Directory] hands out one subject for each resource, so that a target group which its load balancer described is
// not described again. [NewLoadBalancer] and [NewTargetGroup] make single ones.
//
// Load balancers are checked for what they answer with errors (see [HTTPErrors], and [FlowErrors] for Network Load
// Balancers) and for listeners and rules that send requests nowhere; target groups for targets that do not serve
// ([TargetTroubles]), for having none that does, and for their health-check settings. A [Certificate] is a subject of
// its own. Attributes cost a call for each subject: checks ask for them where something else makes them matter, and
// [LoadBalancerAttributeChecks] and [TargetGroupAttributeChecks] are left to who wants them. Targets that are new, that
// are leaving, or that no listener uses are not unhealthy.
//
// Who knows when targets are replaced on purpose, as by releases, makes a [Turnover]: errors in bursts that agree with
// those times are cut-off requests. Who has the files of an access log adds them up in an [AccessLog], which tells of
// each error who made it and why, and which target, path or client had it; no metric knows single targets.
package albdiag
