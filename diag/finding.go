package diag

import "time"

// Code says what is wrong, as "package.trouble": "ecs.task-oom-killed". A code is never reused and never renamed.
type Code string

// Finding is one trouble on one resource.
//
// A check sets Summary and Evidence and what else it knows; the driver fills Code, Severity, Confidence and Resource
// from the check's [Info] and its subject where the check left them empty, and sets ExplainedBy.
type Finding struct {
	Code       Code
	Severity   Severity
	Confidence Confidence
	Resource   Resource
	// Summary tells this occurrence in one line, numbers in.
	Summary string
	// Evidence holds the observed facts. It is mandatory: a finding without evidence is an error of its check.
	Evidence []Evidence
	// Related names other resources that play a part.
	Related []Related
	// NextSteps are for a person. Nothing here is ever executed.
	NextSteps []Step
	// Since is when the condition began; zero if unknown.
	Since time.Time
	// SinceAtLeast marks Since as an upper bound: the condition may have begun earlier, out of sight of what AWS
	// keeps. Such a time never rules the finding out as a cause.
	SinceAtLeast bool
	// LeadUp is when a slow way to the condition began that ended in it: credits fall for hours before they are spent,
	// memory rises for hours before there is none. Zero where there was none. What was changed after that did not cause
	// it.
	LeadUp time.Time
	// Until is when the condition ended; zero while it lasts and where that is unknown. A change that was taken back ended
	// then, and explains nothing that began later.
	Until time.Time
	// Change says that the finding is no trouble but what somebody changed; see [Info].Change. Set by the driver.
	Change bool
	// Nature says how a change takes effect; zero for troubles, and for changes of which nothing more is known.
	Nature Nature
	// ExplainedBy names the findings that explain this one. Set by the driver.
	ExplainedBy []Ref
}

// Ref points at another finding of the same report.
type Ref struct {
	Code     Code     `json:"code"`
	Resource Resource `json:"resource"`
}

// Evidence is one observed fact and where it was seen.
type Evidence struct {
	// Source is the call, such as "ecs:DescribeTasks".
	Source string `json:"source"`
	// Field is the path in its answer, such as "containers[app].exitCode".
	Field string `json:"field,omitempty"`
	// Value is what stood there.
	Value string `json:"value"`
	// At is when it was so, as AWS dates it; zero if undated.
	At time.Time `json:"at,omitzero"`
}

// Related is another resource that plays a part in a finding.
type Related struct {
	Resource Resource `json:"resource"`
	// Role says which part, such as "target group" or "task".
	Role string `json:"role"`
}

// Step is something a person may do next.
type Step struct {
	// Text says what to do and why, in one sentence.
	Text string `json:"text"`
	// Command is a command line that does it, ready to copy; empty if there is none.
	Command string `json:"command,omitempty"`
	// Doc is the address of the AWS page that explains it.
	Doc string `json:"doc,omitempty"`
	// Changes marks a step that alters something: a mutation.
	Changes bool `json:"changes,omitempty"`
}
