package albdiag

import (
	"context"
	"fmt"

	"github.com/awsdiag/awsdiag/diag"
)

// balancerAdvice is one row of the table that makes the checks of a load balancer's attributes.
type balancerAdvice struct {
	code                       diag.Code
	title, doc                 string
	key, value                 string // the attribute that is worth knowing, and with which value
	says, step, better, source string
}

func balancerAdvices() []balancerAdvice {
	return []balancerAdvice{
		{
			code: "alb.access-logs-off", title: "Access logs are off", key: "access_logs.s3.enabled", value: "false",
			doc: "The load balancer keeps no access logs. Metrics count errors and do not tell the request, the target or the time " +
				"that each took.",
			says: "it keeps no access logs: why a single request failed, nobody will know", better: "true",
			step:   "Turn access logs on, with a bucket that the load balancer may write to.",
			source: "Access logs for your Application Load Balancer",
		},
		{
			code: "alb.invalid-headers-dropped", title: "Headers of unusual names are dropped",
			key: "routing.http.drop_invalid_header_fields.enabled", value: "true",
			doc: "The load balancer takes headers away whose names hold anything but letters, digits and hyphens, such as an " +
				"underscore: the program never sees them.",
			says: "it drops headers whose names hold anything but letters, digits and hyphens: a program that waits for one with " +
				"an underscore never gets it", better: "false",
			step:   "If clients or proxies send such headers, rename them or let them pass.",
			source: "Edit attributes for your Application Load Balancer, HTTP headers",
		},
		{
			code: "alb.desync-strictest", title: "Requests that do not comply with HTTP are refused",
			key: "routing.http.desync_mitigation_mode", value: "strictest",
			doc: "In the desync mitigation mode \"strictest\" only requests that comply with RFC 7230 pass; others get 400, also " +
				"harmless ones of old clients.",
			says:   "its desync mitigation mode is strictest: requests that do not comply with RFC 7230 get 400",
			better: "defensive",
			step:   "If clients get 400 for harmless requests, let the mode be defensive.",
			source: "Desync mitigation mode, Application Load Balancers",
		},
	}
}

// LoadBalancerAttributeChecks are the checks of an Application Load Balancer's attributes, which cost a call. All are
// advice.
func LoadBalancerAttributeChecks() []*diag.Check[*LoadBalancer] {
	var checks []*diag.Check[*LoadBalancer]
	for _, row := range balancerAdvices() {
		checks = append(checks, &diag.Check[*LoadBalancer]{
			Info: diag.Info{Code: row.code, Title: row.title, Doc: row.doc, Severity: diag.SeverityInfo,
				Actions: []string{callLoadBalancers, callLoadBalancerAttributes}, Source: row.source},
			Run: row.run,
		})
	}
	return checks
}

func (r balancerAdvice) run(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
	arn, err := lb.ARN(ctx)
	if err != nil || !isApplication(arn) {
		return nil, err
	}
	attributes, err := lb.Attributes(ctx)
	if attributes[r.key] != r.value {
		return nil, err
	}
	return []diag.Finding{{
		Resource: lb.resource(ctx), Summary: fmt.Sprintf("load balancer %s: %s", lb.ref.name, r.says),
		Evidence: []diag.Evidence{evidence(callLoadBalancerAttributes, "attributes["+r.key+"]", r.value)},
		NextSteps: []diag.Step{{Text: r.step, Changes: true, Command: fmt.Sprintf(
			"aws elbv2 modify-load-balancer-attributes --load-balancer-arn %s --attributes Key=%s,Value=%s", arn, r.key,
			r.better)}},
	}}, err
}
