package triage

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/traces"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

const typeTraces = "AWS::XRay::Group"

// slowForPeople is from when on a request is slow where somebody complains about slowness: what package albdiag takes
// for a time that people notice.
const slowForPeople = time.Second

// tracedBy leads from a service that sends traces to X-Ray to those traces, where requests fail or are slow. A service
// that shows no sign of X-Ray costs no call.
func (s *Scene) tracedBy() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name:    "triage.traced-by",
		Actions: []string{"ecs:DescribeServices", "ecs:DescribeTaskDefinition"},
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			if s.Scope.Clients.XRay == nil || !s.asks(Slow, Errors, HTTP5xx, HTTP502, HTTP503, HTTP504) {
				return nil, nil
			}
			definition, err := service.TaskDefinition(ctx)
			if err != nil {
				return nil, err
			}
			filter := tracesOf(service, definition)
			if filter == "" {
				return nil, nil
			}
			of := s.traces(filter).Resource()
			return []diag.Link{{From: service.Resource(), To: of, Role: "traced by"},
				{From: of, To: service.Resource(), Role: "sent by"}}, nil
		},
	}
}

// traces returns the traces that a filter expression matches.
func (s *Scene) traces(filter string) *traces.Traces {
	return subject(s, typeTraces, filter, func() *traces.Traces {
		options := []traces.Option{traces.WithFilter(filter)}
		if s.asks(Slow) {
			options = append(options, traces.WithSlowAfter(slowForPeople))
		}
		return traces.NewTraces(s.Scope.Clients.XRay, s.Window, options...)
	})
}

// tracesPlan examines traces that a bridge filed.
func tracesPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	t, ok := s.filed(r).(*traces.Traces)
	if !ok {
		return diag.Plan{}
	}
	return diag.Join(diag.On(t, traces.TracesChecks()...), diag.Observe(t, traces.TracesSurvey))
}

// collector are the images that take traces from a program and send them to X-Ray ("Running the X-Ray daemon on Amazon
// ECS", AWS X-Ray Developer Guide; "AWS Distro for OpenTelemetry").
var collector = regexp.MustCompile(`(?i)(?:^|/)(?:aws-)?xray-daemon|aws-otel-collector|adot-collector`)

// tracing reports a variable by which a program is told to send traces there. The OpenTelemetry exporter alone may send
// them anywhere.
func tracing(name string) bool {
	return strings.HasPrefix(name, "AWS_XRAY_") || name == "_X_AMZN_TRACE_ID"
}

// tracesOf is a filter expression for the traces of a service ("Use filter expressions", AWS X-Ray Developer Guide); ""
// where nothing shows that it sends any. A program calls itself by its environment, or else most often by its
// container.
func tracesOf(service *ecsdiag.Service, td *types.TaskDefinition) string {
	sends := false
	var told, guessed []string
	for _, c := range td.ContainerDefinitions {
		if collector.MatchString(aws.ToString(c.Image)) {
			sends = true
			continue
		}
		guessed = append(guessed, aws.ToString(c.Name))
		for _, e := range c.Environment {
			name, value := aws.ToString(e.Name), aws.ToString(e.Value)
			sends = sends || tracing(name)
			told = append(told, serviceNames(name, value)...)
		}
	}
	if !sends {
		return ""
	}
	if len(told) == 0 {
		told = append(guessed, service.Name(), aws.ToString(td.Family))
	}
	slices.Sort(told)
	var terms []string
	for _, name := range slices.Compact(told) {
		if name != "" && !strings.ContainsAny(name, `"\`) {
			terms = append(terms, fmt.Sprintf("service(%q)", name))
		}
	}
	return strings.Join(terms, " OR ")
}

// serviceNames are the names that a variable gives a program in its traces ("AWS X-Ray SDK", environment variables;
// "Environment Variable Specification", OpenTelemetry).
func serviceNames(name, value string) []string {
	switch name {
	case "AWS_XRAY_TRACING_NAME", "OTEL_SERVICE_NAME":
		return []string{value}
	case "OTEL_RESOURCE_ATTRIBUTES":
		for _, pair := range strings.Split(value, ",") {
			if n, ok := strings.CutPrefix(strings.TrimSpace(pair), "service.name="); ok {
				return []string{n}
			}
		}
	}
	return nil
}
