package albdiag

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// advice is one row of the table that makes the checks of health-check settings. They are configuration: worth knowing,
// and a warning only where the load balancer can pass no target.
type advice struct {
	code     diag.Code
	title    string
	doc      string
	severity diag.Severity
	// judge returns the summary and the setting, both empty if there is nothing to say.
	judge func(tg *types.TargetGroup, s settings) (summary, field, value string)
	step  string
}

func healthAdvice() []advice {
	return []advice{
		{
			code: "alb.health-check-path-invalid", title: "Health-check path does not begin with a slash",
			severity: diag.SeverityWarning,
			doc:      "The path of an HTTP health check must begin with a slash; targets answer anything else with an error.",
			step:     "Give the health check a path.",
			judge:    judgePath,
		},
		{
			code: "alb.health-check-timeout-too-long", title: "Health-check timeout not below the interval",
			severity: diag.SeverityInfo,
			doc:      "A check may still wait for its answer when the next one is due.",
			step:     "Make the timeout shorter than the interval.",
			judge:    judgeTimeout,
		},
		{
			code: "alb.health-check-matcher-odd", title: "Health check takes errors for healthy", severity: diag.SeverityInfo,
			doc:   "The codes that count as healthy hold redirects or errors, so that a broken program may pass.",
			step:  "Take only 200, or 200-299, for healthy.",
			judge: judgeMatcher,
		},
		{
			code: "alb.health-check-slow", title: "Health check slow to notice", severity: diag.SeverityInfo,
			doc:   "A target that stops answering gets requests for several minutes more.",
			step:  "Shorten the interval or lower the unhealthy threshold.",
			judge: judgeSlow,
		},
		{
			code: "alb.health-check-hasty", title: "Health check gives up fast", severity: diag.SeverityInfo,
			doc:   "A pause of a few seconds, such as a garbage collection, takes a target out of service.",
			step:  "Raise the unhealthy threshold.",
			judge: judgeHasty,
		},
		{
			code: "alb.health-check-port-override", title: "Health check on another port than requests",
			severity: diag.SeverityInfo,
			doc: "Health checks go to another port than requests do: a target can be healthy and not serve, and security " +
				"groups must admit both ports.",
			step:  "Check the port that serves, unless the other one is meant.",
			judge: judgePort,
		},
	}
}

// HealthCheckSettings are the checks of a target group's health-check settings.
func HealthCheckSettings() []*diag.Check[*TargetGroup] {
	var checks []*diag.Check[*TargetGroup]
	for _, row := range healthAdvice() {
		checks = append(checks, &diag.Check[*TargetGroup]{
			Info: diag.Info{Code: row.code, Title: row.title, Doc: row.doc, Severity: row.severity,
				Actions: []string{callTargetGroups},
				Source:  healthDoc},
			Run: row.run,
		})
	}
	return checks
}

func (r advice) run(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
	described, err := tg.Describe(ctx)
	if err != nil {
		return nil, err
	}
	s := settingsOf(described)
	summary, field, value := r.judge(described, s)
	if summary == "" || !s.enabled {
		return nil, nil
	}
	return []diag.Finding{{
		Resource: tg.resource(ctx), Summary: fmt.Sprintf("health check of %s: %s", nameOf(described), summary),
		Evidence:  []diag.Evidence{evidence(callTargetGroups, "targetGroups[0]."+field, value)},
		NextSteps: []diag.Step{{Text: r.step, Doc: healthURL}},
	}}, nil
}

func overHTTP(s settings) bool {
	return s.protocol == types.ProtocolEnumHttp || s.protocol == types.ProtocolEnumHttps
}

func judgePath(_ *types.TargetGroup, s settings) (summary, field, value string) {
	if !overHTTP(s) || s.path == "" || strings.HasPrefix(s.path, "/") {
		return "", "", ""
	}
	return fmt.Sprintf("the path %q does not begin with a slash", s.path), "healthCheckPath", s.path
}

func judgeTimeout(_ *types.TargetGroup, s settings) (summary, field, value string) {
	if s.interval == 0 || s.timeout < s.interval {
		return "", "", ""
	}
	return fmt.Sprintf("its timeout of %s is no shorter than its interval of %s", words.Span(s.timeout), words.Span(s.interval)),
		"healthCheckTimeoutSeconds", strconv.Itoa(int(s.timeout / time.Second))
}

func judgeMatcher(_ *types.TargetGroup, s settings) (summary, field, value string) {
	if !overHTTP(s) || s.matcher == "" || strings.HasPrefix(s.matcher, "gRPC") {
		return "", "", ""
	}
	for _, class := range s.acceptedClasses() {
		if class >= 4 {
			return fmt.Sprintf("it takes %dxx for healthy (%s)", class, s.matcher), "matcher.httpCode", s.matcher
		}
	}
	if !s.accepts(200) {
		return fmt.Sprintf("it does not take 200 for healthy, only %s", s.matcher), "matcher.httpCode", s.matcher
	}
	return "", "", ""
}

func judgeSlow(_ *types.TargetGroup, s settings) (summary, field, value string) {
	const long = 3 * time.Minute
	if s.untilUnhealthy() <= long {
		return "", "", ""
	}
	return fmt.Sprintf("a dead target gets requests for up to %s: %d failures in a row, one every %s, then a timeout of %s",
		words.Span(s.untilUnhealthy()), s.unhealthy, words.Span(s.interval), words.Span(s.timeout)), "healthCheck", s.String()
}

func judgeHasty(_ *types.TargetGroup, s settings) (summary, field, value string) {
	const brief = 15 * time.Second
	if s.interval == 0 || s.unhealthy == 0 || s.untilUnhealthy() >= brief {
		return "", "", ""
	}
	return fmt.Sprintf("a target that pauses for %s is taken out of service", words.Span(s.untilUnhealthy())), "healthCheck",
		s.String()
}

func judgePort(tg *types.TargetGroup, s settings) (summary, field, value string) {
	override := s.overrides()
	if override == "" || tg.Port == nil || override == strconv.Itoa(int(*tg.Port)) {
		return "", "", ""
	}
	return fmt.Sprintf("it goes to port %s, requests to port %d of a target unless it was registered with another",
		override,
		aws.ToInt32(tg.Port)), "healthCheckPort", override
}
