package albdiag

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	troubleshootURL = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html"
	healthURL       = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"
)

func look(tg *types.TargetGroup) diag.Step {
	return diag.Step{Text: "Look at the health of all targets.", Command: describeHealth(tg), Doc: healthURL}
}

func ask(tg *types.TargetGroup, t Target, text string) diag.Step {
	option := ""
	if v := aws.ToString(tg.ProtocolVersion); v == versionGRPC || v == versionHTTP2 {
		option = " --http2-prior-knowledge"
	}
	return diag.Step{Text: text, Command: fmt.Sprintf("curl -sv -o /dev/null --max-time 10%s '%s'", option, url(tg, t)),
		Doc: troubleshootURL}
}

func mismatchSteps(tg *types.TargetGroup, troubled []Target) []diag.Step {
	code := answered(troubled)
	steps := []diag.Step{ask(tg, troubled[0],
		"Ask a target from inside the VPC, as the load balancer does, and read what it answers.")}
	switch {
	case code == "400" && mismatch(tg.HealthCheckProtocol, port(troubled)) != "":
		steps = append(steps, mismatchStep(tg, troubled[0]))
	case strings.HasPrefix(code, "404"):
		steps = append(steps, modify(tg, "If the program moved its health path, point the check at the new one.",
			"--health-check-path /<path>"))
	case strings.HasPrefix(code, "3"):
		steps = append(steps, modify(tg, "The path redirects: check where it leads to, not the redirect.",
			"--health-check-path /<path>"))
	case strings.HasPrefix(code, "401"), strings.HasPrefix(code, "403"):
		steps = append(steps, modify(tg, "The path wants a login: give the check a path that does not.",
			"--health-check-path /<path>"))
	case strings.HasPrefix(code, "5"):
		steps = append(steps, diag.Step{Text: "The program reports itself sick: its log says what it lacks."})
	}
	return append(steps, look(tg))
}

func modify(tg *types.TargetGroup, text, options string) diag.Step {
	return diag.Step{Text: text, Changes: true, Doc: healthURL,
		Command: fmt.Sprintf("aws elbv2 modify-target-group --target-group-arn %s %s", arnOf(tg), options)}
}

func timeoutSteps(tg *types.TargetGroup, troubled []Target) []diag.Step {
	return []diag.Step{
		{Text: fmt.Sprintf("See whether the security group of the targets admits the load balancer on port %d.",
			port(troubled)),
			Command: "aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=" + troubled[0].ID +
				" --query 'NetworkInterfaces[].Groups'", Doc: troubleshootURL},
		ask(tg, troubled[0],
			"Ask a target from inside the VPC: an answer there and none to the load balancer is the network, "+
				"a slow one the program."),
		look(tg),
	}
}

func failedSteps(tg *types.TargetGroup, troubled []Target) []diag.Step {
	speaks := string(tg.HealthCheckProtocol)
	switch aws.ToString(tg.ProtocolVersion) {
	case versionGRPC:
		speaks = "gRPC (the target group's protocol version is GRPC: a program of HTTP/1.1 fails)"
	case versionHTTP2:
		speaks = "HTTP/2 (the target group's protocol version is HTTP2: a program of HTTP/1.1 fails)"
	}
	steps := []diag.Step{
		ask(tg, troubled[0], fmt.Sprintf("See whether anything listens on port %d of a target, and speaks %s.",
			port(troubled), speaks)),
	}
	if mismatch(tg.HealthCheckProtocol, port(troubled)) != "" {
		steps = append(steps, mismatchStep(tg, troubled[0]))
	}
	return append(steps, look(tg))
}

func instanceSteps(tg *types.TargetGroup, troubled []Target) []diag.Step {
	return []diag.Step{
		{Text: "See why the instance does not run.", Command: "aws ec2 describe-instances --instance-ids " + troubled[0].ID +
			" --query 'Reservations[].Instances[].[State.Name,StateTransitionReason]'"},
		deregister(tg, troubled[0], "Deregister it if it is gone for good."),
	}
}

func deregister(tg *types.TargetGroup, t Target, text string) diag.Step {
	return diag.Step{Text: text, Changes: true,
		Command: fmt.Sprintf("aws elbv2 deregister-targets --target-group-arn %s --targets Id=%s", arnOf(tg), t.ID)}
}

func deregisterSteps(tg *types.TargetGroup, troubled []Target) []diag.Step {
	return []diag.Step{
		deregister(tg, troubled[0], "Take the address out of the group, and register that of the real target."), look(tg),
	}
}

func zoneSteps(tg *types.TargetGroup, _ []Target) []diag.Step {
	balancer := "<load-balancer-arn>"
	if len(tg.LoadBalancerArns) > 0 {
		balancer = tg.LoadBalancerArns[0]
	}
	return []diag.Step{
		{Text: "Enable the zone: name one subnet of each zone, the present ones included.", Changes: true,
			Command: fmt.Sprintf("aws elbv2 set-subnets --load-balancer-arn %s --subnets <subnet-ids>", balancer)},
		look(tg),
	}
}

func waitSteps(tg *types.TargetGroup, _ []Target) []diag.Step {
	return []diag.Step{
		look(tg),
		{Text: "If it lasts, see the AWS Health Dashboard and open a case with AWS Support.",
			Command: "aws health describe-events --filter services=ELASTICLOADBALANCING"},
	}
}

func unusedSteps(tg *types.TargetGroup, _ []Target) []diag.Step {
	return []diag.Step{
		{Text: "See which load balancers use the group.",
			Command: "aws elbv2 describe-target-groups --target-group-arns " + arnOf(tg) +
				" --query 'TargetGroups[].LoadBalancerArns'"},
	}
}

// defaultTo returns a pointer's value or the given one.
func defaultTo(p *string, otherwise string) string {
	if aws.ToString(p) == "" {
		return otherwise
	}
	return *p
}
