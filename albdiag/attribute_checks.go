package albdiag

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// attributeAdvice is one row of the table that makes the checks of a target group's attributes: configuration that is
// worth knowing once requests are slow, cut off or lost.
type attributeAdvice struct {
	code             diag.Code
	title, doc, step string
	// judge returns the summary and the attribute that it speaks of, both empty if there is nothing to say.
	judge func(attributes map[string]string, loadBalancers []string) (summary, key string)
}

func attributeAdvices() []attributeAdvice {
	return []attributeAdvice{
		{
			code: "alb.stickiness-long", title: "Clients stay with one target for long",
			doc: "Sticky sessions keep a client on the target that it got first, for hours or days: load stays uneven after targets " +
				"were added, and clients follow a target that is slow.",
			step:  "Make the sessions shorter, or keep their state outside of targets and turn stickiness off.",
			judge: judgeStickiness,
		},
		{
			code: "alb.deregistration-delay-short", title: "Targets are given little time to drain",
			doc: "A target that is deregistered keeps its connections for the deregistration delay only: longer requests are cut off " +
				"with 502 at every deployment and scale-in.",
			step:  "Make the delay longer than the longest request.",
			judge: judgeDelay,
		},
		{
			code: "alb.slow-start-long", title: "New targets get their share of requests late",
			doc: "Slow start gives new targets few requests at first. Where it lasts long, those that are there carry the load of a " +
				"scale-out meanwhile.",
			step:  "Make slow start as short as a target needs to warm up.",
			judge: judgeSlowStart,
		},
		{
			code: "alb.client-ip-hairpin", title: "Targets cannot call themselves through the load balancer",
			doc: "With client IP preservation a target that calls the Network Load Balancer in front of it, and is chosen itself, " +
				"gets packets from its own address and drops them: such calls time out now and then.",
			step:  "Turn client IP preservation off if targets call the load balancer they stand behind.",
			judge: judgeHairpin,
		},
	}
}

// TargetGroupAttributeChecks are the checks of a target group's attributes, which cost a call. All are advice.
func TargetGroupAttributeChecks() []*diag.Check[*TargetGroup] {
	var checks []*diag.Check[*TargetGroup]
	for _, row := range attributeAdvices() {
		checks = append(checks, &diag.Check[*TargetGroup]{
			Info: diag.Info{Code: row.code, Title: row.title, Doc: row.doc, Severity: diag.SeverityInfo,
				Actions: []string{callTargetGroups, callTargetGroupAttributes},
				Source:  "TargetGroupAttribute, Elastic Load Balancing API Reference"},
			Run: row.run,
		})
	}
	return checks
}

func (r attributeAdvice) run(ctx context.Context, tg *TargetGroup) ([]diag.Finding, error) {
	described, err := tg.Describe(ctx)
	if err != nil {
		return nil, err
	}
	attributes, err := tg.Attributes(ctx)
	summary, key := r.judge(attributes, described.LoadBalancerArns)
	if summary == "" {
		return nil, err
	}
	return []diag.Finding{{
		Resource: tg.resource(ctx), Summary: nameOf(described) + ": " + summary,
		Evidence: []diag.Evidence{evidence(callTargetGroupAttributes, "attributes["+key+"]", attributes[key])},
		NextSteps: []diag.Step{{Text: r.step, Changes: true, Command: fmt.Sprintf(
			"aws elbv2 modify-target-group-attributes --target-group-arn %s --attributes Key=%s,Value=<value>", arnOf(described),
			key)}},
	}}, err
}

func secondsOf(attributes map[string]string, key string) (time.Duration, bool) {
	n, err := strconv.Atoi(attributes[key])
	return time.Duration(n) * time.Second, err == nil
}

func judgeStickiness(attributes map[string]string, _ []string) (summary, key string) {
	const long = time.Hour
	key = "stickiness." + attributes["stickiness.type"] + ".duration_seconds"
	d, ok := secondsOf(attributes, key)
	if attributes["stickiness.enabled"] != "true" || !ok || d <= long {
		return "", ""
	}
	return fmt.Sprintf("sticky sessions keep clients on one target for %s", words.Span(d)), key
}

func judgeDelay(attributes map[string]string, _ []string) (summary, key string) {
	const brief = 15 * time.Second
	key = keyDelay
	d, ok := secondsOf(attributes, key)
	if !ok || d >= brief {
		return "", ""
	}
	return fmt.Sprintf("targets that are deregistered have %s to finish their requests", words.Span(d)), key
}

func judgeSlowStart(attributes map[string]string, _ []string) (summary, key string) {
	const long = 5 * time.Minute
	key = "slow_start.duration_seconds"
	d, ok := secondsOf(attributes, key)
	if !ok || d < long {
		return "", ""
	}
	return fmt.Sprintf("new targets get their full share of requests only after %s", words.Span(d)), key
}

func judgeHairpin(attributes map[string]string, loadBalancers []string) (summary, key string) {
	key = "preserve_client_ip.enabled"
	if attributes[key] != "true" || !slices.ContainsFunc(loadBalancers, isNetwork) {
		return "", ""
	}
	return "client IP preservation is on: a target cannot call itself through the load balancer", key
}
