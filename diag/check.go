package diag

import "context"

// Subject is what a check looks at: one resource and its facts. Implementations hold a narrow client interface; each
// fact is a method with a context that fetches once through a [Memo]. A subject gathers and never judges.
type Subject interface {
	// Resource names the subject. It makes no call.
	Resource() Resource
}

// Info tells about a check without running it. The catalogue, the documentation and the IAM policy come from it.
type Info struct {
	Code Code
	// Title names the trouble in a few words: "Task killed for memory".
	Title string
	// Doc explains it in a sentence or two: what it means, how it is recognised, what it is not.
	Doc string
	// Severity is that of the findings, unless one sets its own.
	Severity Severity
	// Confidence is that of the findings, unless one sets its own. Zero means Certain.
	Confidence Confidence
	// Actions are the IAM actions that the check's facts may call: "ecs:DescribeTasks".
	Actions []string
	// Breaks are the mechanisms that do not work where this trouble is.
	Breaks []Mechanism
	// Needs are the mechanisms which, when broken on a resource that this one depends on, explain the trouble.
	Needs []Mechanism
	// Change marks a finding that is no trouble but a change that somebody made, at the time of its Since. It explains
	// what broke after it, and then takes over the severity of that.
	Change bool
	// Limits says what the check cannot see: "ECS forgets stopped tasks after about an hour".
	Limits string
	// Source names the AWS document or API that defines the trouble.
	Source string
}

// Check judges one kind of subject. It is a value: a package-level variable, nothing to register.
//
// Run returns findings and, if it could not see everything, an error: both may be set. It must honour its context.
type Check[S Subject] struct {
	Info
	Run func(ctx context.Context, subject S) ([]Finding, error)
}

// Survey gathers context about one kind of subject instead of judging it. Any of its functions may be nil.
type Survey[S Subject] struct {
	// Name identifies the survey in a report, in the form of a code: "ecs.service".
	Name Code
	// Actions are the IAM actions that the survey may call.
	Actions []string
	// Links names the neighbours of the subject.
	Links func(ctx context.Context, subject S) ([]Link, error)
	// Events tells what happened in the window.
	Events func(ctx context.Context, subject S, window Window) ([]Event, error)
	// Settings lists configuration as name and value, for comparing two worlds.
	Settings func(ctx context.Context, subject S) ([]Setting, error)
}
