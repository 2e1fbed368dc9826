package ecsdiag

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// attributeAsked is one attribute that a container instance must have: of any of some values, or of any value where
// values is empty.
type attributeAsked struct {
	name   string
	values []string
}

// plainAttribute is the simplest clause of the cluster query language ("Create expressions to define container
// instances for Amazon ECS tasks"): "attribute:ecs.os-family == LINUX", "attribute:stack in [a, b]", "attribute:gpu
// exists".
var plainAttribute = regexp.MustCompile(`^\s*attribute:([\w./-]+)\s*` +
	`(?:(?:==|equals)\s*([\w./-]+)|in\s*\[([^\]]*)\]|(exists))\s*$`)

// conjunction joins clauses that all must hold.
var conjunction = regexp.MustCompile(`(?i)\s+and\s+|&&`)

// constraintClauses splits an expression where each part must hold. One with alternatives, negations or patterns is
// left to ECS: nothing is claimed of it.
func constraintClauses(expression string) []attributeAsked {
	var clauses []attributeAsked
	for _, part := range conjunction.Split(expression, -1) {
		m := plainAttribute.FindStringSubmatch(part)
		if m == nil {
			return nil
		}
		a := attributeAsked{name: m[1]}
		if m[2] != "" {
			a.values = []string{m[2]}
		}
		for v := range strings.SplitSeq(m[3], ",") {
			if v = strings.TrimSpace(v); v != "" {
				a.values = append(a.values, v)
			}
		}
		clauses = append(clauses, a)
	}
	return clauses
}

// attributes are those that may be what is missing; none where the events say that it is something else.
func (g *group) attributes(td *types.TaskDefinition) []attributeAsked {
	switch g.last().match.Cause {
	case ecstext.PlacementAttribute, ecstext.PlacementConstraint, ecstext.PlacementUnmet:
		return attributesAsked(g.service, td)
	}
	return nil
}

// attributesAsked are those that the task definition requires and those that placement constraints name.
func attributesAsked(svc *types.Service, td *types.TaskDefinition) []attributeAsked {
	var all []attributeAsked
	add := func(a attributeAsked) {
		if !slices.ContainsFunc(all, func(x attributeAsked) bool {
			return x.name == a.name && slices.Equal(x.values, a.values)
		}) {
			all = append(all, a)
		}
	}
	for _, r := range td.RequiresAttributes {
		a := attributeAsked{name: aws.ToString(r.Name)}
		if v := aws.ToString(r.Value); v != "" {
			a.values = []string{v}
		}
		add(a)
	}
	for _, c := range td.PlacementConstraints {
		for _, a := range constraintClauses(aws.ToString(c.Expression)) {
			add(a)
		}
	}
	if svc == nil {
		return all
	}
	for _, c := range svc.PlacementConstraints {
		for _, a := range constraintClauses(aws.ToString(c.Expression)) {
			add(a)
		}
	}
	return all
}

// missingOn tells why an instance does not have the attribute, or "".
func (a attributeAsked) missingOn(i types.ContainerInstance) string {
	if len(i.Attributes) == 0 {
		return "" // not told
	}
	at := slices.IndexFunc(i.Attributes, func(x types.Attribute) bool { return aws.ToString(x.Name) == a.name })
	switch {
	case at < 0:
		return "lacks attribute " + a.String()
	case len(a.values) > 0 && !slices.Contains(a.values, aws.ToString(i.Attributes[at].Value)):
		return fmt.Sprintf("attribute %s is %s, not %s", a.name, quoteEmpty(aws.ToString(i.Attributes[at].Value)),
			strings.Join(a.values, " or "))
	}
	return ""
}

func quoteEmpty(v string) string {
	if v == "" {
		return "empty"
	}
	return v
}

// String tells the attribute as people write it: "ecs.os-family = LINUX".
func (a attributeAsked) String() string {
	if len(a.values) == 0 {
		return a.name
	}
	return a.name + " = " + strings.Join(a.values, " or ")
}

// attributesTail names the attributes that no instance on which tasks may be placed has.
func attributesTail(all []attributeAsked, instances []types.ContainerInstance) string {
	var facts []string
	for _, a := range all {
		active, without, why := 0, 0, ""
		for _, i := range instances {
			if aws.ToString(i.Status) != "ACTIVE" {
				continue
			}
			active++
			if m := a.missingOn(i); m != "" {
				without, why = without+1, m
			}
		}
		if active > 0 && without == active {
			facts = append(facts, fmt.Sprintf("%s, on each of %d active instances", why, active))
		}
	}
	if len(facts) == 0 {
		return ""
	}
	return " (" + strings.Join(facts[:min(len(facts), 2)], "; ") + ")"
}
