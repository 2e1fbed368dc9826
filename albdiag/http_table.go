package albdiag

import (
	"github.com/awsdiag/awsdiag/diag"
)

// errorBounds: half a percent more than before, or three percent whatever was before.
var errorBounds = bounds{some: 0.005, many: 0.03}

const codeClientTLS diag.Code = "alb.client-tls-errors"

func httpTroubles() []httpTrouble {
	return []httpTrouble{
		{
			info: diag.Info{
				Code: "alb.http-502", Title: "Load balancer answers 502",
				Doc: "Targets refuse or reset connections, die with requests in flight, close idle connections too early, or answer " +
					"what is no HTTP. The load balancer makes the 502; the fault is at the targets.",
				Breaks: []diag.Mechanism{diag.Request},
				Needs: []diag.Mechanism{diag.TaskRun, diag.TaskStart, diag.TargetReachable, diag.Application, diag.HostRun,
					diag.NetworkPath, diag.Permission, diag.TaskCount},
			},
			series: counterOf("HTTPCode_ELB_502_Count"), bounds: errorBounds,
			says: "load balancer answered 502 to", causes: causes502(),
			more:    with((*LoadBalancer).timeouts, (*LoadBalancer).drains),
			actions: []string{callLoadBalancerAttributes, callTargetGroupAttributes},
		},
		{
			info: diag.Info{
				Code: "alb.http-503", Title: "Load balancer answers 503",
				Doc: "The load balancer has nowhere to send requests: the target group of the rule holds no target that is registered " +
					"and in use.",
				Breaks: []diag.Mechanism{diag.Request},
				Needs: []diag.Mechanism{diag.Routing, diag.TaskRun, diag.TaskStart, diag.TaskCount, diag.TargetReachable,
					diag.Placement, diag.HealthCheck, diag.HostRun},
			},
			series: counterOf("HTTPCode_ELB_503_Count"), bounds: errorBounds,
			says: "load balancer answered 503 to", causes: causes503(),
			more:    with((*LoadBalancer).timeouts, (*LoadBalancer).emptiness),
			actions: []string{callLoadBalancerAttributes, callTargetHealth},
		},
		{
			info: diag.Info{
				Code: "alb.http-504", Title: "Load balancer answers 504",
				Doc: "The load balancer could not connect to a target within ten seconds, or a target did not answer within the idle " +
					"timeout.",
				Breaks: []diag.Mechanism{diag.Request},
				Needs: []diag.Mechanism{diag.NetworkPath, diag.TargetReachable, diag.DBServe, diag.DBAccept, diag.Application,
					diag.HealthCheck, diag.HostRun, diag.NameResolution},
			},
			series: counterOf("HTTPCode_ELB_504_Count"), bounds: errorBounds,
			says: "load balancer answered 504 to", causes: causes504(),
			more: with((*LoadBalancer).timeouts), actions: []string{callLoadBalancerAttributes},
		},
		{
			info: diag.Info{
				Code: "alb.http-500", Title: "Load balancer answers 500",
				Doc: "The load balancer itself failed: most often the rules of a web ACL of AWS WAF could not be run, or the client " +
					"broke off a login.",
				Breaks: []diag.Mechanism{diag.Request},
			},
			series: counterOf("HTTPCode_ELB_500_Count"), bounds: errorBounds,
			says: "load balancer answered 500 to", causes: causes500(),
			more: with((*LoadBalancer).timeouts), actions: []string{callLoadBalancerAttributes},
		},
		{
			info: diag.Info{
				Code: "alb.http-5xx-other", Title: "Load balancer answers a rare 5xx",
				Doc: "The load balancer answers 501 (a Transfer-Encoding it does not know), 505 (an HTTP version it does not know), " +
					"507 (a redirect to too long an address), 561 (the identity provider refused a login) or another 5xx that has no " +
					"counter of its own.",
				Breaks: []diag.Mechanism{diag.Request},
			},
			series: otherErrors, bounds: errorBounds,
			more: with((*LoadBalancer).timeouts), actions: []string{callLoadBalancerAttributes},
			says: "load balancer answered 501, 505, 507, 561 or the like to", causes: causesOther(),
		},
		{
			info: diag.Info{
				Code: "alb.http-5xx-from-targets", Title: "Targets answer 5xx",
				Doc: "Targets are reached, and answer 5xx themselves: the program fails, or something that it needs. The load balancer " +
					"passes the answers on.",
				Breaks: []diag.Mechanism{diag.Request},
				Needs: []diag.Mechanism{diag.Application, diag.DBAccept, diag.DBServe, diag.Permission, diag.NetworkPath,
					diag.NameResolution, diag.SecretRead},
			},
			series: counterOf("HTTPCode_Target_5XX_Count"), bounds: errorBounds,
			says: "targets answered 5xx to", causes: causesTarget(),
		},
		{
			info: diag.Info{
				Code: "alb.target-connection-errors", Title: "Connections to targets fail",
				Doc:    "The load balancer cannot connect to targets: packets are dropped, or nothing listens.",
				Breaks: []diag.Mechanism{diag.TargetReachable},
				Needs:  []diag.Mechanism{diag.TargetReachable, diag.NetworkPath, diag.TaskRun, diag.TaskStart, diag.HostRun},
				Source: "CloudWatch metrics for your Application Load Balancer",
			},
			series: counterOf("TargetConnectionErrorCount"), bounds: errorBounds,
			says: "connections to targets failed:", causes: causesConnection(),
		},
		{
			info: diag.Info{
				Code: "alb.target-tls-errors", Title: "TLS handshakes with targets fail",
				Doc: "The load balancer speaks HTTPS to targets, and the handshake fails: the target speaks plain HTTP, or no protocol " +
					"or cipher that both know.",
				Breaks: []diag.Mechanism{diag.TargetReachable}, Needs: []diag.Mechanism{diag.TargetReachable},
				Source: "CloudWatch metrics for your Application Load Balancer",
			},
			series: counterOf("TargetTLSNegotiationErrorCount"), bounds: errorBounds,
			says: "TLS handshakes with targets failed:", causes: causesTargetTLS(),
		},
		{
			info: diag.Info{
				Code: "alb.connections-rejected", Title: "Connections rejected",
				Doc:    "The load balancer has reached its maximum number of connections and rejects new ones.",
				Breaks: []diag.Mechanism{diag.Request, diag.Routing},
				Needs:  []diag.Mechanism{diag.DBServe, diag.Application, diag.Routing, diag.Demand},
				Source: "CloudWatch metrics for your Application Load Balancer",
			},
			series: counterOf("RejectedConnectionCount"), bounds: errorBounds,
			says: "load balancer at its limit rejected connections:",
		},
		{
			info: diag.Info{
				Code: codeClientTLS, Title: "TLS handshakes with clients fail",
				Doc: "Clients connect, and the handshake fails: no protocol or cipher that both know, or a certificate that clients do " +
					"not trust. Scanners cause a few all the time.",
				Breaks: []diag.Mechanism{diag.Request}, Needs: []diag.Mechanism{diag.TLS},
				Source: "CloudWatch metrics for your Application Load Balancer",
			},
			series: counterOf("ClientTLSNegotiationErrorCount"), bounds: bounds{some: 0.05, many: 0.3, rise: true}, mild: true,
			on:   func(arn string) bool { return isApplication(arn) || isNetwork(arn) },
			says: "TLS handshakes with clients failed:", causes: causesTLS(),
		},
		{
			info: diag.Info{
				Code: "alb.authentication-errors", Title: "Logins fail at the load balancer",
				Doc: "An authenticate action could not be finished: it is misconfigured, or the identity provider cannot be reached or " +
					"answers with an error.",
				Breaks: []diag.Mechanism{diag.Request}, Needs: []diag.Mechanism{diag.NetworkPath, diag.NameResolution},
				Source: "Authenticate users using an Application Load Balancer",
			},
			series: counterOf("ELBAuthError"), bounds: errorBounds,
			says: "logins could not be finished:",
		},
		{
			info: diag.Info{
				Code: "alb.http-4xx", Title: "Load balancer answers 4xx",
				Doc: "The load balancer answers 4xx itself: malformed or too large requests (400, 413, 414), a web ACL (403), clients " +
					"that gave up before the answer came (460), an X-Forwarded-For of more than 30 addresses (463), or another HTTP " +
					"version than that of the target group (464). A warning where fewer requests than before are served, and what " +
					"is missing makes up half or more of what is refused: then clients are shut out.",
				Breaks: []diag.Mechanism{diag.Request}, Needs: []diag.Mechanism{diag.Routing, diag.Request},
				Limits: "What web ACLs block is known for all of the Region; which is the load balancer's is not asked " +
					"(wafv2:GetWebACLForResource). Rule groups tell their own rules in metrics of their own.",
			},
			series: counterOf("HTTPCode_ELB_4XX_Count"), bounds: bounds{some: 0.02, many: 0.2}, mild: true, weigh: shutOut,
			says: "load balancer answered 4xx to", causes: causes4xx(),
			more: with((*LoadBalancer).webACLs, (*LoadBalancer).timeouts), actions: []string{callLoadBalancerAttributes},
		},
		{
			info: diag.Info{
				Code: "alb.logins-denied", Title: "Logins denied by the identity provider",
				Doc: "The identity provider denies access to users, or its authorization code was used more than once: they get 401. " +
					"Somebody who is not allowed in is no trouble; everybody is.",
				Source: "Authenticate users using an Application Load Balancer",
			},
			series: counterOf("ELBAuthFailure"), bounds: bounds{some: 0.02, many: 0.2}, quiet: true,
			says: "the identity provider denied logins:",
		},
		desyncTrouble(),
	}
}

// desyncTrouble counts requests that break HTTP. Whether they are refused depends on the mode.
func desyncTrouble() httpTrouble {
	const mode = "routing.http.desync_mitigation_mode"
	refusing := func(p *picture, o outbreak) opinion {
		if p.attributes[mode] != "strictest" || !o.many(p.during("HTTPCode_ELB_4XX_Count", o)) {
			return opinion{}
		}
		return opinion{verdict: supported, facts: []diag.Evidence{
			evidence(callLoadBalancerAttributes, "attributes["+mode+"]", p.attributes[mode]),
			metricFact("HTTPCode_ELB_4XX_Count", "%.0f in the same time", p.during("HTTPCode_ELB_4XX_Count", o)),
		}}
	}
	return httpTrouble{
		info: diag.Info{
			Code: "alb.desync-requests", Title: "Requests that do not comply with HTTP",
			Doc: "Clients send requests that do not comply with RFC 7230. In the desync mitigation mode \"strictest\" the load balancer " +
				"refuses them with 400; in \"defensive\" only those that are a threat.",
			Breaks: []diag.Mechanism{diag.Request},
			Source: "Desync mitigation mode, Application Load Balancers",
		},
		series: counterOf("DesyncMitigationMode_NonCompliant_Request_Count"), bounds: bounds{some: 0.02, many: 0.2},
		mild: true,
		weigh: func(p *picture, o outbreak) diag.Severity {
			if refusing(p, o).verdict == supported {
				return diag.SeverityWarning
			}
			return diag.SeverityInfo
		},
		says: "clients sent requests that do not comply with HTTP:",
		more: with((*LoadBalancer).timeouts), actions: []string{callLoadBalancerAttributes},
		causes: []cause{{text: "the load balancer refuses them (desync mitigation mode strictest)", judge: refusing,
			decides: diag.Step{
				Text: "If these are real clients, let the mode be defensive: access logs name the reason " +
					"(classification_reason).",
				Changes: true,
				Command: "aws elbv2 modify-load-balancer-attributes --load-balancer-arn <load-balancer-arn>" +
					" --attributes Key=routing.http.desync_mitigation_mode,Value=defensive"}}},
	}
}
