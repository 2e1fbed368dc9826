package albdiag

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/internal/words"
)

const errorsSource = "Troubleshoot your Application Load Balancers"

// httpTrouble is one row of the table that makes the checks of what the metrics count.
type httpTrouble struct {
	info diag.Info
	// series is what is counted.
	series func(p *picture) metrics.Series
	bounds bounds
	// says begins the summary: "the load balancer answered 503 to".
	says string
	// quiet makes the finding an info, mild a warning at most.
	quiet, mild bool
	// on tells the kinds of load balancer by their ARN; nil means Application Load Balancers.
	on func(arn string) bool
	// weigh replaces how grave the errors are.
	weigh func(p *picture, o outbreak) diag.Severity
	// more adds what the causes need to the picture, with the actions that it calls.
	more    func(context.Context, *LoadBalancer, *picture) error
	actions []string
	causes  []cause
}

// HTTPErrors are the checks of what a load balancer answers with errors, one for each kind that its metrics tell apart.
// Each finding says who made the errors, since when, how many of how many requests, and which of the documented causes
// the metrics support; where they support several or none, what would decide.
func HTTPErrors() []*diag.Check[*LoadBalancer] {
	var checks []*diag.Check[*LoadBalancer]
	for _, row := range httpTroubles() {
		checks = append(checks, row.check())
	}
	return checks
}

func (r httpTrouble) check() *diag.Check[*LoadBalancer] {
	info := r.info
	info.Severity = diag.SeverityError
	if r.mild {
		info.Severity = diag.SeverityWarning
	}
	if r.quiet {
		info.Severity = diag.SeverityInfo
	}
	info.Actions = append([]string{callLoadBalancers, callTargetGroups, callMetrics}, r.actions...)
	info.Limits = strings.TrimSpace("Metrics count by five minutes and show a few minutes late; why a single request failed " +
		"stands only in access logs. " + r.info.Limits)
	if info.Source == "" {
		info.Source = errorsSource
	}
	return &diag.Check[*LoadBalancer]{Info: info, Run: r.run}
}

func (r httpTrouble) run(ctx context.Context, lb *LoadBalancer) ([]diag.Finding, error) {
	on := r.on
	if on == nil {
		on = isApplication
	}
	p, ok, err := lb.pictureIf(ctx, on)
	if !ok {
		return nil, err
	}
	series := r.series(p)
	o, ok := p.outbreak(series, r.bounds)
	if !ok {
		return nil, err
	}
	if r.more != nil {
		err = errors.Join(err, r.more(ctx, lb, p))
	}
	f := diag.Finding{
		Resource: lb.resource(ctx), Severity: r.severity(p, o), Since: o.first, SinceAtLeast: o.sinceAtLeast,
		Summary: fmt.Sprintf("%s %s", r.says, o),
		Evidence: []diag.Evidence{{Source: callMetrics, Field: series.Metric.Name, At: o.worst.At,
			Value: fmt.Sprintf("%.0f from %s to %s, at most %.0f in %s; %s of %s before", o.count, clock(o.first),
				clock(o.last), o.worst.Value, words.Span(series.Period), percent(o.usual), o.unit)}},
	}
	if !o.ongoing {
		f.Until = o.last
	}
	p.attribute(&f, o, r.causes)
	if isApplication(p.arn) {
		f.NextSteps = append(f.NextSteps, p.logsStep())
	}
	return []diag.Finding{f}, err
}

func (r httpTrouble) severity(p *picture, o outbreak) diag.Severity {
	const grave = 0.01
	switch {
	case r.weigh != nil:
		return r.weigh(p, o)
	case r.quiet:
		return diag.SeverityInfo
	case o.ongoing && !r.mild && o.share() >= grave:
		return diag.SeverityError
	}
	return diag.SeverityWarning
}

// logsStep says where the reason of each request stands.
func (p *picture) logsStep() diag.Step {
	const fields = "Access logs tell for each request its target, elb_status_code, target_status_code and error_reason"
	step := diag.Step{Doc: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html"}
	switch bucket := p.attributes["access_logs.s3.bucket"]; {
	case p.attributes["access_logs.s3.enabled"] == "true" && bucket != "":
		step.Text = fields + ": they are on."
		step.Command = "aws s3 ls --recursive s3://" + path.Join(bucket, p.attributes["access_logs.s3.prefix"], "AWSLogs") +
			"/"
	case p.attributes["access_logs.s3.enabled"] == "false":
		step.Text, step.Changes = fields+": they are off. Turn them on to know next time.", true
		step.Command = "aws elbv2 modify-load-balancer-attributes --load-balancer-arn " + p.arn +
			" --attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=<bucket>"
	default:
		step.Text = fields + ": see whether they are on, and where."
		step.Command = "aws elbv2 describe-load-balancer-attributes --load-balancer-arn " + p.arn +
			" --query \"Attributes[?starts_with(Key, 'access_logs')]\""
	}
	return step
}

func counterOf(name string) func(*picture) metrics.Series {
	return func(p *picture) metrics.Series { return p.counter(name) }
}

// otherErrors are the 5xx of the load balancer that no counter of their own tells: 501, 505, 561 and others.
func otherErrors(p *picture) metrics.Series {
	all := p.counter("HTTPCode_ELB_5XX_Count")
	rest := all
	rest.Metric.Name = "HTTPCode_ELB_5XX_Count less those of 500, 502, 503 and 504"
	rest.Points = nil
	values := all.Values()
	for _, code := range []string{"500", "502", "503", "504"} {
		for i, v := range p.counter("HTTPCode_ELB_" + code + "_Count").Values() {
			if i < len(values) {
				values[i] -= v
			}
		}
	}
	// The counters of one period may come at different times: a small difference is none.
	const real = 0.2
	whole := all.Values()
	for i, v := range values {
		if v > real*whole[i] {
			rest.Points = append(rest.Points, metrics.Point{At: all.At(i), Value: v})
		}
	}
	return rest
}

// with adds several things to a picture, side by side.
func with(adds ...func(*LoadBalancer, context.Context, *picture) error) func(context.Context, *LoadBalancer, *picture) error {
	return func(ctx context.Context, lb *LoadBalancer, p *picture) error {
		return together(len(adds), func(i int) error { return adds[i](lb, ctx, p) })
	}
}
