package albdiag

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// Condition is what the health of a target comes down to.
type Condition string

// The conditions. All but the last follow from the states and reasons of DescribeTargetHealth ("TargetHealth", Elastic
// Load Balancing API Reference).
const (
	Healthy                Condition = "healthy"
	InitialChecks          Condition = "initial-checks"
	RegistrationInProgress Condition = "registration-in-progress"
	Draining               Condition = "draining"
	ResponseCodeMismatch   Condition = "response-code-mismatch"
	TimedOut               Condition = "timed-out"
	FailedHealthChecks     Condition = "failed-health-checks"
	InternalError          Condition = "internal-error"
	InvalidState           Condition = "invalid-state"
	IPUnusable             Condition = "ip-unusable"
	NotInUse               Condition = "not-in-use"
	ZoneNotEnabled         Condition = "zone-not-enabled"
	NotRegistered          Condition = "not-registered"
	ChecksDisabled         Condition = "health-checks-disabled"
	UnknownCondition       Condition = "unknown"
)

var conditionOfReason = map[types.TargetHealthReasonEnum]Condition{
	types.TargetHealthReasonEnumRegistrationInProgress:   RegistrationInProgress,
	types.TargetHealthReasonEnumInitialHealthChecking:    InitialChecks,
	types.TargetHealthReasonEnumResponseCodeMismatch:     ResponseCodeMismatch,
	types.TargetHealthReasonEnumTimeout:                  TimedOut,
	types.TargetHealthReasonEnumFailedHealthChecks:       FailedHealthChecks,
	types.TargetHealthReasonEnumNotRegistered:            NotRegistered,
	types.TargetHealthReasonEnumNotInUse:                 NotInUse,
	types.TargetHealthReasonEnumDeregistrationInProgress: Draining,
	types.TargetHealthReasonEnumInvalidState:             InvalidState,
	types.TargetHealthReasonEnumIpUnusable:               IPUnusable,
	types.TargetHealthReasonEnumHealthCheckDisabled:      ChecksDisabled,
	types.TargetHealthReasonEnumInternalError:            InternalError,
}

// conditionOfState serves where no reason is given. Of an unused target it cannot tell why.
var conditionOfState = map[types.TargetHealthStateEnum]Condition{
	types.TargetHealthStateEnumInitial:           InitialChecks,
	types.TargetHealthStateEnumHealthy:           Healthy,
	types.TargetHealthStateEnumUnhealthy:         FailedHealthChecks,
	types.TargetHealthStateEnumUnhealthyDraining: Draining,
	types.TargetHealthStateEnumUnused:            NotInUse,
	types.TargetHealthStateEnumDraining:          Draining,
	types.TargetHealthStateEnumUnavailable:       ChecksDisabled,
}

// described are the forms of the descriptions of the reasons ("Health checks for Application Load Balancer target
// groups", health check reason codes, and the like of Network Load Balancers; "InstanceState" of Classic Load
// Balancers), for texts that come without a reason: first those that say more than that checks failed.
var described = []struct {
	form      *regexp.Regexp
	condition Condition
}{
	{regexp.MustCompile(`(?:zone|\baz\b).*not (?:enabled|configured)|(?:not|n't) enabled\b.*(?:zone|\baz\b)`),
		ZoneNotEnabled},
	{regexp.MustCompile(`target group (?:is )?not (?:configured|used|in use)|receives? no traffic|` +
		`target group .*\bno (?:load balancer|listener)`), NotInUse},
	{regexp.MustCompile(`(?:not|n't) (?:currently )?registered`), NotRegistered},
	{regexp.MustCompile(`(?:these|with) codes?\b|(?:response|code) mismatch|not return (?:an |the )?expected|` +
		`(?:returned|responded|answered|got)\b.*\b[1-5]\d\d\b`), ResponseCodeMismatch},
	{regexp.MustCompile(`internal error|transient error`), InternalError},
	{regexp.MustCompile(`malformed|error while establishing|failed to establish`), FailedHealthChecks},
	{regexp.MustCompile(`time[ds]?[ -]?out`), TimedOut},
	{regexp.MustCompile(`deregistration (?:is )?(?:\w+ )?in progress|being deregistered|is deregistering`), Draining},
	{regexp.MustCompile(`registration (?:is )?(?:\w+ )?in progress|being registered|is registering`),
		RegistrationInProgress},
	{regexp.MustCompile(`initial health check|minimum number of health checks`), InitialChecks},
	{regexp.MustCompile(`\baddress .*(?:in use|reserved|cannot be used|belongs to)`), IPUnusable},
	{regexp.MustCompile(`in (?:the |an? )?(?:stopp|terminat|shutting[ -]down|invalid).*\bstate\b|` +
		`\b(?:instance|target)\b.*\b(?:is|was|been) (?:stopped|stopping|terminated|shutting[ -]down)`), InvalidState},
	{regexp.MustCompile(`health checks? (?:is |are )?(?:disabled|not enabled)`), ChecksDisabled},
	{regexp.MustCompile(`(?:is|are) (?:currently )?passing\b.*health check`), Healthy},
	{regexp.MustCompile(`health checks? fail|\bfail(?:ed|s|ing)\b[^.]*\bhealth checks?`),
		FailedHealthChecks},
}

// Condition tells what the target's health comes down to: by its reason, else by its description, else by its state.
// What a reason leaves open the description tells: which of two conditions, or that there was an answer.
func (t Target) Condition() Condition {
	byText := conditionOfDescription(t.Description)
	switch c, known := conditionOfReason[t.Reason]; {
	case t.State == types.TargetHealthStateEnumHealthy:
		return Healthy
	case t.Leaving():
		return Draining
	case c == NotInUse && byText == ZoneNotEnabled, c == FailedHealthChecks && byText == ResponseCodeMismatch:
		return byText // the target answered, whatever the reason that was written beside it
	case known:
		return c
	case byText != UnknownCondition:
		return byText
	}
	if c, known := conditionOfState[t.State]; known {
		return c
	}
	return UnknownCondition
}

func conditionOfDescription(text string) Condition {
	text = strings.Join(strings.Fields(strings.ToLower(text)), " ")
	for _, d := range described {
		if d.form.MatchString(text) {
			return d.condition
		}
	}
	return UnknownCondition
}

const anyState = `(inservice|outofservice|unhealthy\.draining|unhealthy|healthy|initial|unused|draining|unavailable)`

var (
	reasonPattern      = regexp.MustCompile(`(?i)\b(?:elb|target)\.[a-z]+`)
	statePattern       = regexp.MustCompile(`(?i)(?:state|health|status)["']?\s*[:=>]\s*["']?` + anyState + `\b`)
	lonePattern        = regexp.MustCompile(`(?i)\b` + anyState + `\b`)
	descriptionPattern = regexp.MustCompile(`(?i)\bdescription["']?\s*[:=>]\s*["']?([^"'<\n]*)`)
)

// reasonOf returns the reason that a word is, however its letters are written. A word of the form that is no reason,
// such as the name of a host, is none; one that begins like AWS's own, with capitals, may be a reason that is new.
func reasonOf(word string) types.TargetHealthReasonEnum {
	for reason := range conditionOfReason {
		if strings.EqualFold(string(reason), word) {
			return reason
		}
	}
	if newReason.MatchString(word) {
		return types.TargetHealthReasonEnum(word)
	}
	return ""
}

var newReason = regexp.MustCompile(`^(?:Elb|Target)\.[A-Z][A-Za-z]+$`)

// stateOf returns a state in the words of today, for the two of DescribeInstanceHealth of Classic Load Balancers.
func stateOf(word string) types.TargetHealthStateEnum {
	switch word = strings.ToLower(word); word {
	case "inservice":
		return types.TargetHealthStateEnumHealthy
	case "outofservice":
		return types.TargetHealthStateEnumUnhealthy
	}
	return types.TargetHealthStateEnum(word)
}

// ParseHealth reads the health of a target from a text: the output of describe-target-health or a part of it, or the
// "Reason: Description" of a console or a log. What the text does not say stays empty.
func ParseHealth(text string) Target {
	t := Target{}
	written := ""
	for _, word := range reasonPattern.FindAllString(text, -1) {
		if reason := reasonOf(word); reason != "" {
			t.Reason, written = reason, word
			break
		}
	}
	switch m := descriptionPattern.FindStringSubmatch(text); {
	case m != nil:
		t.Description = strings.TrimSpace(m[1])
	case t.Reason != "":
		_, after, _ := strings.Cut(text, written)
		t.Description = strings.Trim(after, " :-()\t\n\"',}")
	default:
		t.Description = strings.TrimSpace(text)
	}
	if m := statePattern.FindStringSubmatch(text); m != nil {
		t.State = stateOf(m[1])
	} else if m := lonePattern.FindStringSubmatch(text); m != nil && t.Condition() == UnknownCondition {
		t.State = stateOf(m[1])
	}
	return t
}
