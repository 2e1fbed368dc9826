package albdiag

import "github.com/awsdiag/awsdiag/diag"

// The causes of errors that have to do with clients, logins, redirects and AWS WAF.

// failsClosed is a web ACL that could not be run: with fail open, requests would have gone on to targets.
func failsClosed(p *picture, o outbreak) opinion {
	const key = "waf.fail_open.enabled"
	out := unless(failsLogin, largeClaims, lambdaDown)(p, o)
	switch p.attributes[key] {
	case "true":
		return opinion{}
	case "false":
		if out.verdict != ruledOut {
			out.facts = append(out.facts, evidence(callLoadBalancerAttributes, "attributes["+key+"]", "false"))
		}
	}
	return out
}

func causes500() []cause {
	return []cause{
		{text: "the rules of a web ACL of AWS WAF could not be run", judge: failsClosed, decides: diag.Step{
			Text:    "See whether a web ACL is associated, and its metrics. Access logs say so with WAF... in error_reason.",
			Command: "aws wafv2 list-web-acls --scope REGIONAL"}},
		{text: "the identity provider's token or user info endpoint cannot be reached, or takes longer than 5 seconds",
			judge: failsLogin,
			decides: diag.Step{Text: "See that the load balancer may reach it: name, security group (out, 443), network ACL, route to " +
				"the internet. ELBAuthLatency tells how long it takes."}},
		{text: "the claims that the identity provider sends about a user are larger than 11 KB", judge: largeClaims, decides: diag.Step{
			Text: "Ask for fewer claims: groups and roles are what grows."}},
		{text: "Lambda itself failed", judge: lambdaDown},
	}
}

func causesOther() []cause {
	rest := unless(failsLogin, longRedirect)
	return []cause{
		{text: "the identity provider refused logins (561)", judge: failsLogin},
		{text: "the address that a rule redirects to becomes longer than 8 KB (507)", judge: longRedirect, decides: diag.Step{
			Text: "See which rule redirects: one that appends the query to itself makes it longer each time."}},
		{text: "clients send a Transfer-Encoding that is not supported (501)", judge: rest},
		{text: "clients speak an HTTP version that is not supported (505)", judge: rest},
		{text: "the identity provider answered with an error (561)", judge: rest},
	}
}

func causes4xx() []cause {
	known := []func(*picture, outbreak) opinion{slowTargets, noncompliant, denies, illRepute, byWebACL}
	return []cause{
		{text: "clients give up before the answer comes (460)", judge: slowTargets},
		{text: "requests do not comply with HTTP and are refused for it (400, desync mitigation)", judge: noncompliant},
		{text: "the identity provider denied access, or its code was used twice (401)", judge: denies},
		{text: "requests from addresses of bad reputation are denied (403, resource-level DDoS protection)", judge: illRepute},
		{text: "a web ACL of AWS WAF blocks them (403)", judge: byWebACL, decides: webACLStep()},
		{text: "clients of another HTTP version ask a gRPC or HTTP/2 target group (464)",
			judge: onlyIf(speaksHTTP2, unless(known...))},
		{text: "clients send malformed or too large requests (400, 413, 414), a web ACL blocks them (403), X-Forwarded-For holds " +
			"more than 30 addresses (463), or gRPC is asked of a target group of HTTP/1.1 (464)", judge: unless(known...)},
	}
}
