package albdiag

import (
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// The documented causes of each error ("Troubleshoot your Application Load Balancers", the load balancer generates an
// HTTP error), and how metrics tell them.

var (
	refused      = alongside("TargetConnectionErrorCount")
	badTLS       = alongside("TargetTLSNegotiationErrorCount")
	overloaded   = alongside("RejectedConnectionCount")
	failsLogin   = alongside("ELBAuthError")
	largeClaims  = alongside("ELBAuthUserClaimsSizeExceeded")
	denies       = alongside("ELBAuthFailure")
	illRepute    = alongside("LowReputationRequestsDenied")
	longRedirect = alongside("HTTP_Redirect_Url_Limit_Exceeded_Count")
	noncompliant = alongside("DesyncMitigationMode_NonCompliant_Request_Count")
	lambdaFails  = alongsideGroups("LambdaUserError")
	lambdaDown   = alongsideGroups("LambdaInternalError")
)

// servesHTTP reports a target group whose targets speak HTTP themselves; an empty picture may hold one.
func servesHTTP(p *picture) bool {
	return len(p.groups) == 0 || slices.ContainsFunc(p.groups,
		func(g groupPicture) bool { return g.kind != types.TargetTypeEnumLambda })
}

// speaksHTTP2 reports a target group of gRPC or HTTP/2.
func speaksHTTP2(p *picture) bool {
	return slices.ContainsFunc(p.groups, func(g groupPicture) bool {
		return g.version == versionGRPC ||
			g.version == versionHTTP2
	})
}

func died(p *picture, o outbreak) opinion {
	out := p.lostTargets(o, hosts.lost)
	if n := p.during("HTTPCode_ELB_503_Count", o); o.many(n) {
		out.verdict = supported
		out.facts = append(out.facts,
			metricFact("HTTPCode_ELB_503_Count", "%.0f in the same time: for a while no target was left", n))
	}
	return out
}

func lambda(p *picture, _ outbreak) opinion {
	var out opinion
	for _, g := range p.groups {
		if g.kind == types.TargetTypeEnumLambda {
			out.verdict, out.groups = possible, append(out.groups, g)
		}
	}
	return out
}

// drained sees targets that were deregistered while requests took longer than they were given to drain. Where no target
// is missing, bursts and a short delay leave it possible: a release may put new targets in first.
func drained(p *picture, o outbreak) opinion {
	var out opinion
	again := shortBursts(p.bursts(p.counter("HTTPCode_ELB_502_Count"), errorBounds))
	for _, g := range p.groups {
		delay, ok := p.delays[g.arn]
		most, known := p.series("TargetResponseTime", "p99").Between(o.window()).Max()
		if !ok || (delay > 0 && (!known || most.Value < delay.Seconds())) {
			continue
		}
		switch {
		case p.hosts(g, o).left():
			out.verdict = supported
		case again && out.verdict == ruledOut:
			out.verdict = possible
		case !again:
			continue
		}
		out.groups = append(out.groups, g)
		out.facts = append(out.facts, evidence(callTargetGroupAttributes, keyDelay+" of "+g.name,
			fmt.Sprint(delay.Seconds())))
		if known {
			out.facts = append(out.facts, metricFact("TargetResponseTime p99", "%.1f s at the worst", most.Value))
		}
	}
	return out
}

// withIdle adds the idle timeout to a judgement, which the program's keep-alive must outlast.
func withIdle(judge func(*picture, outbreak) opinion) func(*picture, outbreak) opinion {
	return func(p *picture, o outbreak) opinion {
		out := judge(p, o)
		if out.verdict != ruledOut && p.idle > 0 {
			out.facts = append(out.facts, evidence(callLoadBalancerAttributes, "attributes[idle_timeout.timeout_seconds]",
				fmt.Sprint(p.idle.Seconds())))
		}
		return out
	}
}

func causes502() []cause {
	rest := onlyIf(servesHTTP, unless(refused, badTLS, died, lambdaFails, lambdaDown))
	return []cause{
		{text: "targets refuse or reset connections, or are unreachable", judge: refused, decides: diag.Step{
			Text: "See whether anything listens on the port of the targets, and whether security groups and network ACLs let the " +
				"load balancer's subnets in: a host that is unreachable counts the same."}},
		{text: "targets went away while they had requests in flight", judge: died,
			decides: diag.Step{Text: "See why the targets stopped: crash, kill, or a stop before they had drained."}},
		{text: "requests took longer than deregistered targets were given to drain", judge: drained, decides: diag.Step{
			Text: "Give targets as long to drain as the longest request takes.", Changes: true,
			Command: "aws elbv2 modify-target-group-attributes --target-group-arn <target-group-arn>" +
				" --attributes Key=deregistration_delay.timeout_seconds,Value=<seconds>"}},
		{text: "TLS handshakes with targets fail", judge: badTLS},
		{text: "a Lambda function threw an error, timed out, was throttled, may not be called, or answered what the load " +
			"balancer cannot read", judge: lambdaFails, decides: lambdaStep()},
		{text: "Lambda itself failed, or the load balancer did: the fault is not in the function", judge: lambdaDown,
			decides: lambdaStep()},
		{text: "a Lambda function failed, or answered what the load balancer cannot read",
			judge: unlessSupported(lambda, lambdaFails, lambdaDown, refused, badTLS, died), decides: lambdaStep()},
		{text: "targets close idle connections sooner than the load balancer does", judge: withIdle(rest), decides: diag.Step{
			Text: "Make the keep-alive timeout of the program longer than the load balancer's idle timeout, if it is not."}},
		{text: "targets answer what is no valid HTTP, or with headers of more than 32 KB", judge: rest, decides: diag.Step{
			Text: "Ask a target as clients do and read its headers, if the keep-alive timeout is long enough."}},
	}
}

// lambdaStep says where the reason of each failed call of a Lambda function stands, and what it may be ("Access logs
// for your Application Load Balancer", error reason codes; "Lambda functions as targets", limits).
func lambdaStep() diag.Step {
	return diag.Step{Text: "Read error_reason in the access logs: LambdaUnhandled is the function's error, " +
		"LambdaThrottling its " +
		"concurrency, LambdaAccessDenied its policy, LambdaInvalidResponse an answer that is no JSON with statusCode, " +
		"LambdaResponseTooLarge one of more than 1 MB. The function's own log tells the rest."}
}

func emptied(p *picture, o outbreak) opinion {
	out := p.lostTargets(o, hosts.gone)
	for _, g := range p.groups {
		if p.empty[g.arn] {
			out.verdict, out.groups = supported, append(out.groups, g)
			out.facts = append(out.facts,
				evidence(callTargetHealth, "targetHealthDescriptions of "+g.name, "none but such as are leaving"))
		}
	}
	return out
}

// idle sees groups that hold targets none of which is in use: in a zone that is not enabled, stopped, or behind no
// rule.
func idle(p *picture, _ outbreak) opinion {
	var out opinion
	for _, g := range p.groups {
		if p.unused[g.arn] {
			out.verdict, out.groups = supported, append(out.groups, g)
			out.facts = append(out.facts, evidence(callTargetHealth, "targetHealthDescriptions of "+g.name, "all unused"))
		}
	}
	return out
}

// brief sees targets that died together and were replaced between two readings of the host count.
func brief(p *picture, o outbreak) opinion {
	if n := p.during("HTTPCode_ELB_502_Count", o); o.many(n) && emptied(p, o).verdict != supported {
		return opinion{verdict: supported, facts: []diag.Evidence{
			metricFact("HTTPCode_ELB_502_Count", "%.0f in the same time: targets died with requests in flight", n)}}
	}
	return opinion{}
}

func causes503() []cause {
	return []cause{
		{text: "a target group was left without targets", judge: emptied},
		{text: "all registered targets are unused: stopped, or in a zone that is not enabled", judge: idle},
		{text: "targets died together, and for a while none was registered", judge: brief},
		{text: "the load balancer is at the limit of its capacity", judge: overloaded},
		{text: "the target group of a rule had no target for moments too short for the host counts to show",
			judge:   unless(emptied, idle, brief, overloaded),
			decides: diag.Step{Text: "Find the rule: access logs name the target group and the rule of each 503."}},
	}
}

func slowTargets(p *picture, o outbreak) opinion {
	idle := p.idle
	if idle == 0 {
		idle = time.Minute
	}
	p99, ok99 := p.series("TargetResponseTime", "p99").Between(o.window()).Max()
	average, okAverage := p.series("TargetResponseTime", "Average").Between(o.window()).Max()
	nearIdle := (ok99 && p99.Value >= 0.75*idle.Seconds()) || (okAverage && average.Value >= 0.2*idle.Seconds())
	if !nearIdle {
		return opinion{}
	}
	out := opinion{verdict: supported, facts: []diag.Evidence{metricFact("TargetResponseTime",
		"%.1f s on average and %.1f s at p99 at the worst, with an idle timeout of %s", average.Value, p99.Value,
		words.Span(idle))}}
	for _, g := range p.groups {
		series := p.group(g, "TargetResponseTime", "Average")
		most, ok := series.Between(o.window()).Max()
		if usual, _ := series.Usual(o.first); ok && most.Value > 1 && most.Value > 3*usual {
			out.groups = append(out.groups, g)
			out.facts = append(out.facts, metricFact("TargetResponseTime of "+g.name,
				"%.1f s on average at the worst, %.2f s before", most.Value, usual))
		}
	}
	return out
}

func causes504() []cause {
	rest := unless(refused, slowTargets, badTLS, lambdaDown)
	return []cause{
		{text: "connections to targets time out: nothing comes back within 10 seconds", judge: refused, decides: diag.Step{
			Text: "Look at security groups, network ACLs (both ways: answers go to ports 1024-65535) and routes between the load " +
				"balancer and the targets."}},
		{text: "targets take longer to answer than the idle timeout", judge: slowTargets, decides: diag.Step{
			Text: "See what the targets wait for: database, another service, processor."}},
		{text: "TLS handshakes with targets do not end within 10 seconds", judge: badTLS},
		{text: "Lambda does not take the load balancer's connection in time", judge: lambdaDown, decides: lambdaStep()},
		{text: "a Lambda function is not reached in time",
			judge: unlessSupported(lambda, lambdaDown, refused, slowTargets, badTLS), decides: lambdaStep()},
		{text: "single requests take longer than the idle timeout", judge: onlyIf(servesHTTP, rest), decides: diag.Step{
			Text: "Find the requests: access logs show a target_processing_time of -1 after the idle timeout, with the path."}},
		{text: "targets send fewer bytes than their Content-Length announces", judge: onlyIf(servesHTTP, rest), decides: diag.Step{
			Text: "Compare Content-Length with what targets send, for the paths that the access logs show."}},
	}
}

// byGroup tells which target groups made the errors.
func byGroup(name string) func(*picture, outbreak) opinion {
	return func(p *picture, o outbreak) opinion {
		var out opinion
		for _, g := range p.groupsWith(name, o) {
			n := p.group(g, name, "Sum").Between(o.window()).Sum()
			of := p.group(g, "RequestCount", "Sum").Between(o.window()).Sum()
			out.groups = append(out.groups, g)
			out.facts = append(out.facts, metricFact(name+" of "+g.name, "%.0f of %.0f requests to it", n, of))
		}
		return out
	}
}

func causesTarget() []cause {
	return []cause{{
		text: "the targets made these errors, not the load balancer",
		judge: func(p *picture, o outbreak) opinion {
			out := byGroup("HTTPCode_Target_5XX_Count")(p, o)
			out.verdict = supported
			return out
		},
		decides: diag.Step{Text: "Read the logs of the targets for the same time."},
	}}
}

func causesConnection() []cause {
	timedOut := func(p *picture, o outbreak) opinion { return alongside("HTTPCode_ELB_504_Count")(p, o) }
	reset := func(p *picture, o outbreak) opinion { return alongside("HTTPCode_ELB_502_Count")(p, o) }
	with := func(judge func(*picture, outbreak) opinion) func(*picture, outbreak) opinion {
		return func(p *picture, o outbreak) opinion {
			out := judge(p, o)
			out.groups = p.groupsWith("TargetConnectionErrorCount", o)
			return out
		}
	}
	return []cause{
		{text: "they time out (504): packets are dropped on the way", judge: with(timedOut)},
		{text: "they are refused or reset (502): nothing listens on the port", judge: with(reset)},
		{text: "packets are dropped on the way", judge: with(unless(timedOut, reset))},
		{text: "nothing listens on the port", judge: with(unless(timedOut, reset))},
	}
}

func causesTLS() []cause {
	always := func(*picture, outbreak) opinion { return opinion{verdict: possible} }
	return []cause{
		{text: "the security policy of a listener refuses what clients speak", judge: always, decides: diag.Step{
			Text: "See which policy and certificates the listeners have.",
			Command: "aws elbv2 describe-listeners --load-balancer-arn <load-balancer-arn>" +
				" --query 'Listeners[].[Port,SslPolicy,Certificates]'"}},
		{text: "clients do not trust the certificate", judge: always},
	}
}
