package albdiag

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// TargetTroubles are the checks of targets that do not serve, one for each condition that is a trouble: each reason of
// DescribeTargetHealth but those of targets that are new or on their way out.
func TargetTroubles() []*diag.Check[*TargetGroup] {
	var checks []*diag.Check[*TargetGroup]
	for _, t := range troubles() {
		checks = append(checks, t.check())
	}
	return checks
}

func troubles() []trouble {
	return []trouble{
		{
			condition: ResponseCodeMismatch, says: saysMismatch, steps: mismatchSteps,
			info: diag.Info{
				Code: "alb.target-response-code-mismatch", Title: "Health check answered with the wrong code",
				Doc: "Targets answer the health check, but with a status code that the target group does not take for healthy: " +
					"the path does not exist (404), wants a login (401, 403), redirects (301, 302), or the program reports itself sick (5xx).",
				Breaks: []diag.Mechanism{diag.HealthCheck},
				Needs:  []diag.Mechanism{diag.Application, diag.DBAccept, diag.DBServe, diag.SecretRead},
			},
		},
		{
			condition: TimedOut, says: saysTimeout, steps: timeoutSteps,
			info: diag.Info{
				Code: "alb.target-timeout", Title: "Health check not answered in time",
				Doc: "Targets do not answer the health check within its timeout: nothing arrives (security group, network ACL, route), " +
					"nobody listens and packets are dropped, or the program is too slow.",
				Breaks: []diag.Mechanism{diag.HealthCheck, diag.TargetReachable},
				Needs: []diag.Mechanism{diag.NetworkPath, diag.HostRun, diag.TaskStart, diag.TaskRun, diag.Application,
					diag.DBAccept, diag.DBServe},
			},
		},
		{
			condition: FailedHealthChecks, says: saysFailed, steps: failedSteps,
			info: diag.Info{
				Code: "alb.target-failed-health-checks", Title: "Health check connection refused or broken",
				Doc: "The load balancer gets an error when it connects to targets, or an answer that it cannot read: nothing listens " +
					"on the port, the program dies, or the protocol is another one (HTTP against HTTPS).",
				Breaks: []diag.Mechanism{diag.HealthCheck, diag.TargetReachable},
				Needs:  []diag.Mechanism{diag.NetworkPath, diag.HostRun, diag.TaskStart, diag.TaskRun, diag.Application},
			},
		},
		{
			condition: InvalidState, says: saysInvalidState, steps: instanceSteps,
			info: diag.Info{
				Code: "alb.target-invalid-state", Title: "Target instance stopped or terminated",
				Doc:    "Registered instances are stopped or terminated and get no requests, but were not deregistered.",
				Breaks: []diag.Mechanism{diag.HealthCheck, diag.TargetReachable}, Needs: []diag.Mechanism{diag.HostRun},
			},
		},
		{
			condition: ZoneNotEnabled, says: saysZone, steps: zoneSteps,
			info: diag.Info{
				Code: "alb.target-in-unused-az", Title: "Target in a zone that the load balancer does not serve",
				Doc: "Targets lie in an Availability Zone that is not enabled for the load balancer. They are never checked and " +
					"never get a request.",
				Breaks: []diag.Mechanism{diag.HealthCheck, diag.TargetReachable},
			},
		},
		{
			condition: IPUnusable, says: saysUnusable, steps: deregisterSteps,
			info: diag.Info{
				Code: "alb.target-ip-unusable", Title: "Target address belongs to a load balancer",
				Doc:    "The address of a target cannot be used because a load balancer uses it itself.",
				Breaks: []diag.Mechanism{diag.HealthCheck, diag.TargetReachable},
			},
		},
		{
			condition: InternalError, says: saysInternal, steps: waitSteps,
			info: diag.Info{
				Code: "alb.internal-error", Title: "Health unknown for an internal error of the load balancer",
				Doc:    "The load balancer itself failed to check targets. The trouble lies with AWS, not with the targets.",
				Breaks: []diag.Mechanism{diag.HealthCheck},
			},
		},
		{
			condition: NotInUse, says: saysNotInUse, steps: unusedSteps, quiet: true,
			info: diag.Info{
				Code: "alb.target-group-not-in-use", Title: "Targets that no listener sends requests to",
				Doc: "No listener rule of a load balancer forwards to the group, so that its targets are neither checked nor used. " +
					"That is usual for the idle side of a blue/green deployment.",
			},
		},
		{
			condition: NotRegistered, says: saysNotRegistered, steps: unusedSteps, quiet: true,
			info: diag.Info{
				Code: "alb.target-not-registered", Title: "Target not registered",
				Doc: "A target that was asked for is not registered with the group, and gets no requests from it.",
			},
		},
		{
			condition: ChecksDisabled, says: saysDisabled, steps: unusedSteps, quiet: true,
			info: diag.Info{
				Code: "alb.health-checks-disabled", Title: "Targets without health checks",
				Doc: "Health checks are off, as is the default for Lambda functions: the load balancer takes every target for healthy.",
			},
		},
	}
}

var codesPattern = regexp.MustCompile(`\[([^\]]*)\]`)

// answered returns the codes that the description of a mismatch names: "404" or "500, 502".
func answered(troubled []Target) string {
	for _, t := range troubled {
		if m := codesPattern.FindStringSubmatch(t.Description); m != nil {
			return m[1]
		}
	}
	return ""
}

func saysMismatch(tg *types.TargetGroup, troubled []Target, of int) string {
	s := settingsOf(tg)
	code := cmp.Or(answered(troubled), "another code")
	says := fmt.Sprintf("%s: health check %s answers %s instead of %s (%s)",
		share(troubled, of, tg), s.request(), code, cmp.Or(s.matcher, "200"), names(troubled))
	// Servers answer 400 to plain HTTP on a port of TLS.
	if odd := mismatch(tg.HealthCheckProtocol, port(troubled)); odd != "" && code == "400" {
		says += "; " + odd
	}
	return says
}

func saysTimeout(tg *types.TargetGroup, troubled []Target, of int) string {
	s := settingsOf(tg)
	return fmt.Sprintf("%s: no answer to health check %s within %s: request timed out (%s)",
		share(troubled, of, tg), s.request(), words.Span(s.timeout), names(troubled))
}

func saysFailed(tg *types.TargetGroup, troubled []Target, of int) string {
	says := fmt.Sprintf("%s: health check %s fails: connection refused or reset, or an unreadable answer (%s)",
		share(troubled, of, tg), settingsOf(tg).request(), names(troubled))
	if odd := mismatch(tg.HealthCheckProtocol, port(troubled)); odd != "" {
		says += "; " + odd
	}
	return says
}

func saysInvalidState(tg *types.TargetGroup, troubled []Target, of int) string {
	state := "stopped or terminated"
	if m := strings.ToLower(troubled[0].Description); strings.Contains(m, "stopped") != strings.Contains(m, "terminated") {
		state = "stopped"
		if strings.Contains(m, "terminated") {
			state = "terminated"
		}
	}
	return fmt.Sprintf("%s: the instance is %s but still registered (%s)", share(troubled, of, tg), state, names(troubled))
}

func saysZone(tg *types.TargetGroup, troubled []Target, of int) string {
	return fmt.Sprintf("%s get no requests: zone %s is not enabled for the load balancer (%s)",
		share(troubled, of, tg), cmp.Or(troubled[0].Zone, "of the target"), names(troubled))
}

func saysUnusable(tg *types.TargetGroup, troubled []Target, of int) string {
	return fmt.Sprintf("%s: the address is in use by a load balancer and cannot be a target (%s)",
		share(troubled, of, tg), names(troubled))
}

func saysInternal(tg *types.TargetGroup, troubled []Target, of int) string {
	return fmt.Sprintf("%s: the load balancer could not check the health for an internal error (%s)",
		share(troubled, of, tg), names(troubled))
}

func saysNotInUse(tg *types.TargetGroup, troubled []Target, of int) string {
	return fmt.Sprintf("%s get no requests: no listener rule forwards to the group", share(troubled, of, tg))
}

func saysNotRegistered(tg *types.TargetGroup, troubled []Target, _ int) string {
	return fmt.Sprintf("%s not registered with %s", names(troubled), nameOf(tg))
}

func saysDisabled(tg *types.TargetGroup, troubled []Target, of int) string {
	return fmt.Sprintf("%s: health checks are disabled, so that a broken target still gets requests",
		share(troubled, of, tg))
}

// port returns the port on which the first target is checked.
func port(troubled []Target) int { return troubled[0].HealthPort }

// url is what a person can ask a target for, as the load balancer does.
func url(tg *types.TargetGroup, t Target) string {
	scheme := "http"
	if tg.HealthCheckProtocol == types.ProtocolEnumHttps {
		scheme = "https"
	}
	return fmt.Sprintf("%s://%s:%d%s", scheme, hostOf(t), t.HealthPort, aws.ToString(tg.HealthCheckPath))
}

// hostOf is the target in a URL.
func hostOf(t Target) string {
	if strings.Contains(t.ID, ":") {
		return "[" + t.ID + "]"
	}
	return cmp.Or(t.ID, "<target>")
}
