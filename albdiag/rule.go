package albdiag

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// String names the rule as "rule 10 of HTTPS:443".
func (r ListenerRule) String() string {
	if r.Default() {
		return "the default rule of " + listenerName(r.Listener)
	}
	return "rule " + aws.ToString(r.Rule.Priority) + " of " + listenerName(r.Listener)
}

// Default reports the rule that takes what no other rule of its listener took.
func (r ListenerRule) Default() bool {
	return aws.ToBool(r.Rule.IsDefault) || aws.ToString(r.Rule.Priority) == "default"
}

// priority orders the rules of a listener: it tries the lowest first and the default last.
func (r ListenerRule) priority() int {
	n, err := strconv.Atoi(aws.ToString(r.Rule.Priority))
	if err != nil {
		return math.MaxInt32
	}
	return n
}

// field names the rule in evidence.
func (r ListenerRule) field(path string) string {
	return fmt.Sprintf("rules[%s %s].%s", listenerName(r.Listener), aws.ToString(r.Rule.Priority), path)
}

func listenerName(l types.Listener) string {
	protocol := string(l.Protocol)
	if protocol == "" {
		protocol = "listener"
	}
	if l.Port == nil {
		return protocol
	}
	return fmt.Sprintf("%s:%d", protocol, *l.Port)
}

// forwards returns the target groups a rule forwards to, by ARN, with their weights.
func forwards(actions []types.Action) map[string]int {
	weights := map[string]int{}
	for _, a := range actions {
		if a.Type != types.ActionTypeEnumForward && a.Type != "" {
			continue
		}
		if a.TargetGroupArn != nil {
			weights[*a.TargetGroupArn] = 1
		}
		if a.ForwardConfig == nil {
			continue
		}
		for _, tuple := range a.ForwardConfig.TargetGroups {
			if tuple.TargetGroupArn != nil {
				weights[*tuple.TargetGroupArn] = weight(tuple)
			}
		}
	}
	return weights
}

// weight is 1 where none is given: a forward to a single group carries none.
func weight(t types.TargetGroupTuple) int {
	if t.Weight == nil {
		return 1
	}
	return int(*t.Weight)
}

// catchesAll reports a rule whose conditions let every request pass: the default rule, or one for the path * or /*.
func (r ListenerRule) catchesAll() bool {
	if r.Default() {
		return true
	}
	for _, c := range r.Rule.Conditions {
		if aws.ToString(c.Field) != "path-pattern" || !slices.ContainsFunc(conditionValues(c), func(v string) bool {
			return v == "*" || v == "/*"
		}) {
			return false
		}
	}
	return len(r.Rule.Conditions) > 0
}

// conditionValues returns what a condition matches, from where this kind of condition keeps it.
func conditionValues(c types.RuleCondition) []string {
	var values []string
	switch {
	case c.PathPatternConfig != nil:
		values = slices.Concat(c.PathPatternConfig.Values, c.PathPatternConfig.RegexValues)
	case c.HostHeaderConfig != nil:
		values = slices.Concat(c.HostHeaderConfig.Values, c.HostHeaderConfig.RegexValues)
	case c.HttpHeaderConfig != nil:
		values = append([]string{aws.ToString(c.HttpHeaderConfig.HttpHeaderName)}, c.HttpHeaderConfig.Values...)
	case c.HttpRequestMethodConfig != nil:
		values = c.HttpRequestMethodConfig.Values
	case c.SourceIpConfig != nil:
		values = c.SourceIpConfig.Values
	case c.QueryStringConfig != nil:
		for _, v := range c.QueryStringConfig.Values {
			values = append(values, aws.ToString(v.Key)+"="+aws.ToString(v.Value))
		}
	}
	if len(values) == 0 {
		values = slices.Concat(c.Values, c.RegexValues)
	}
	return values
}

// conditions tells in a few words what a rule matches, equal for rules that match the same.
func (r ListenerRule) conditions() string {
	var parts []string
	for _, c := range r.Rule.Conditions {
		values := slices.Clone(conditionValues(c))
		slices.Sort(values)
		parts = append(parts, aws.ToString(c.Field)+" "+strings.Join(values, ", "))
	}
	slices.Sort(parts)
	return strings.Join(parts, " and ")
}
