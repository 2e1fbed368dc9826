package albdiag

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// resource names the load balancer with its ARN, if that is known.
func (lb *LoadBalancer) resource(ctx context.Context) diag.Resource {
	arn, err := lb.ARN(ctx)
	if err != nil {
		return lb.Resource()
	}
	return diag.ResourceOf(typeLoadBalancer, lb.ref.name, arn)
}

// resource names the target group with its ARN, if that is known.
func (tg *TargetGroup) resource(ctx context.Context) diag.Resource {
	arn, err := tg.ARN(ctx)
	if err != nil {
		return tg.Resource()
	}
	return diag.ResourceOf(typeTargetGroup, tg.ref.name, arn)
}

func evidence(source, field, value string) diag.Evidence {
	if value == "" {
		value = "(not set)"
	}
	return diag.Evidence{Source: source, Field: field, Value: value}
}

// healthEvidence quotes the health of a target as AWS wrote it.
func healthEvidence(t Target) diag.Evidence {
	value := string(t.State)
	for _, part := range []string{string(t.Reason), t.Description} {
		if part != "" {
			value += ": " + part
		}
	}
	return evidence(callTargetHealth, "targetHealthDescriptions["+t.String()+"].targetHealth", value)
}

// maxNamed is how many things a summary names and evidence holds one by one; the rest is counted.
const maxNamed = 5

// targetEvidence quotes the health of the first targets and counts the rest.
func targetEvidence(targets []Target) []diag.Evidence {
	var out []diag.Evidence
	for _, t := range targets[:min(len(targets), maxNamed)] {
		out = append(out, healthEvidence(t))
	}
	if more := len(targets) - maxNamed; more > 0 {
		out = append(out,
			evidence(callTargetHealth, "targetHealthDescriptions", fmt.Sprintf("and %d more targets alike", more)))
	}
	return out
}

// names lists the first few and counts the rest: "a, b, c and 4 more".
func names[T fmt.Stringer](items []T) string {
	const few = 3
	var parts []string
	for _, item := range items[:min(len(items), few)] {
		parts = append(parts, item.String())
	}
	text := strings.Join(parts, ", ")
	if more := len(items) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// clock writes a time as people say it in an incident; the report carries the date.
func clock(t time.Time) string { return t.UTC().Format("15:04") }
