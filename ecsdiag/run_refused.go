package ecsdiag

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// Launch is a call of RunTask or StartTask, such as a schedule makes.
type Launch struct {
	At time.Time
	// Who called, as CloudTrail names them; Role is the name of the role that was assumed for it, "" for none.
	Who, Role string
	// Schedule tells that a service called, for EventBridge or a scheduler, and no person.
	Schedule bool
	// StartedBy is the tag of the call: "events-rule/nightly" names the rule of EventBridge that made it.
	StartedBy string
	// TaskDefinition is the family, with or without revision, or the ARN.
	TaskDefinition string
	// Code is the error, or the reason for which no task was placed, "" for a call that ran one. Message tells more.
	Code, Message string
}

// Launches are the calls that were to run tasks of no service in a cluster.
type Launches struct {
	cluster *Cluster
	made    func(context.Context) ([]Launch, error)
	removed func(context.Context) ([]Removed, error) // nil where nobody knows
	known   diag.Memo[[]Launch]
}

var _ diag.Subject = (*Launches)(nil)

// NewLaunches makes the launches of a cluster. ECS keeps no calls that ran nothing: made is asked, who reads
// CloudTrail, for the calls in the cluster, the oldest first.
func NewLaunches(cluster *Cluster, made func(context.Context) ([]Launch, error)) *Launches {
	return &Launches{cluster: cluster, made: made}
}

// Resource names the cluster.
func (r *Launches) Resource() diag.Resource { return r.cluster.Resource() }

// Failed returns, for each family, the calls that ran nothing since the last that did, the oldest first. Calls that
// were throttled, or failed on AWS's side, are left out: they are made again.
func (r *Launches) Failed(ctx context.Context) (map[string][]Launch, error) {
	all, err := r.known.Get(ctx, r.made)
	failed := map[string][]Launch{}
	for _, run := range all {
		family, _, _ := strings.Cut(afterSlash(run.TaskDefinition), ":")
		switch {
		case run.Code == "":
			delete(failed, family)
		case !passing(run.Code):
			failed[family] = append(failed[family], run)
		}
	}
	return failed, err
}

// passing reports an error that goes away by itself ("Common Errors" and the errors of RunTask, Amazon ECS API
// Reference).
func passing(code string) bool {
	return strings.Contains(code, "Throttling") || slices.Contains([]string{"ServerException", "InternalFailure",
		"ServiceUnavailable", "RequestLimitExceeded"}, code)
}

// LaunchesChecks returns all checks of [Launches].
func LaunchesChecks() []*diag.Check[*Launches] {
	return []*diag.Check[*Launches]{RunRefused, ScheduleRemoved}
}

// RunRefused reports jobs that do not start because the call that should run them fails: one finding for each family.
var RunRefused = &diag.Check[*Launches]{
	Info: diag.Info{
		Code: "ecs.run-refused", Title: "Job is not started",
		Doc: "The newest calls of RunTask for a family of task definitions failed or placed no task, so that a job or a " +
			"scheduled task does not even begin: the caller lacks ecs:RunTask or iam:PassRole, the task definition or the " +
			"cluster is gone, or no capacity takes the task. A single failed call of a person is let pass.",
		Severity: diag.SeverityError, Actions: []string{"cloudtrail:LookupEvents"},
		Breaks: []diag.Mechanism{diag.TaskStart, diag.Permission}, Needs: []diag.Mechanism{diag.Placement},
		Limits: "CloudTrail shows a call minutes after it was made.",
		Source: "Amazon ECS developer guide, Amazon ECS EventBridge IAM role; Amazon ECS API Reference, RunTask",
	},
	Run: func(ctx context.Context, r *Launches) ([]diag.Finding, error) {
		failed, err := r.Failed(ctx)
		var findings []diag.Finding
		for _, family := range slices.Sorted(maps.Keys(failed)) {
			if runs := failed[family]; len(runs) > 1 || runs[0].Schedule {
				findings = append(findings, r.finding(family, runs))
			}
		}
		return findings, err
	},
}

// finding tells of the calls for a family that all failed.
func (r *Launches) finding(family string, runs []Launch) diag.Finding {
	first, last := runs[0], runs[len(runs)-1]
	f := diag.Finding{Since: first.At,
		Summary: fmt.Sprintf("%s is not run in cluster %s: %s; %s", family, r.cluster.name, last.why(),
			calls(len(runs), "RunTask call", first.At, last.At)),
		Related: []diag.Related{{Resource: taskDefinitionResource(last.TaskDefinition), Role: "task definition"}},
	}
	if last.Role != "" {
		f.Related = append(f.Related, diag.Related{Resource: diag.Resource{Type: "AWS::IAM::Role", ID: last.Role},
			Role: "called by"})
	}
	for _, run := range runs[max(0, len(runs)-maxSamples):] {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: "cloudtrail:LookupEvents", Field: "RunTask.errorCode",
			Value: strings.TrimSuffix(run.Code+": "+run.Message, ": "), At: run.At})
	}
	f.NextSteps = []diag.Step{last.step()}
	return f
}

// why says what came of the call.
func (r Launch) why() string {
	switch {
	case strings.Contains(r.Message, "iam:PassRole"):
		return r.caller() + " may not hand the task its role (iam:PassRole)"
	case strings.Contains(r.Code, "AccessDenied"):
		return r.caller() + " may not call it (" + r.Code + ")"
	case r.Message == "" || r.Message == r.Code:
		return r.Code
	}
	return r.Code + ": " + r.Message
}

// caller names who lacks the permission: the role, where one was assumed, for its sessions come and go.
func (r Launch) caller() string {
	if r.Role != "" {
		return "role " + r.Role
	}
	return r.Who
}

func (r Launch) step() diag.Step {
	const doc = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html"
	switch {
	case strings.Contains(r.Code, "AccessDenied"):
		return diag.Step{Text: "Allow the caller ecs:RunTask on the task definition, and iam:PassRole on its task role and " +
			"execution role.",
			Changes: true, Doc: doc}
	case strings.HasPrefix(r.Code, "RESOURCE:") || r.Code == "AGENT" || r.Code == "ATTRIBUTE":
		return diag.Step{Text: "Give the cluster an instance that has what the task asks for, or make the task ask for less.",
			Changes: true}
	}
	return diag.Step{Text: "Correct what the schedule's target names: cluster, task definition and network configuration.",
		Changes: true,
		Doc:     doc}
}

// calls counts what failed and says from when to when.
func calls(n int, what string, first, last time.Time) string {
	if n == 1 {
		return fmt.Sprintf("1 %s failed, at %s", what, words.Clock(first))
	}
	return fmt.Sprintf("%d %ss failed, %s", n, what, span(first, last))
}
