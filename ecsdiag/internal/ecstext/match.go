package ecstext

// Kind says what a text means for the service. The zero value stands for a text that was not recognised.
type Kind int

const (
	// Harmless texts report normal operation: steady state, tasks started, scaling, a deployment completed.
	Harmless Kind = iota + 1
	// Progress texts report that something is under way: a deployment, draining, a rebalancing.
	Progress
	// Trouble texts report that something failed or is blocked.
	Trouble
)

// String returns unknown, harmless, progress or trouble.
func (k Kind) String() string {
	switch k {
	case Harmless:
		return "harmless"
	case Progress:
		return "progress"
	case Trouble:
		return "trouble"
	}
	return "unknown"
}

// Match is what a text says.
type Match struct {
	Cause Cause
	Kind  Kind
	// ErrorName is the outermost named error as AWS spells it, "CannotPullContainerError", or empty.
	ErrorName string
	// Fields are the names, ARNs and numbers in the text.
	Fields Fields
}

// StoppedReason reads Task.stoppedReason of DescribeTasks, with or without the stop code in front. A task that was
// stopped by StopTask (stop code UserInitiated) has there what its caller wrote: do not read that as a cause.
func StoppedReason(text string) Match { return read(text) }

// ContainerReason reads Container.reason of DescribeTasks.
func ContainerReason(text string) Match { return read(text) }

// ServiceEvent reads ServiceEvent.message of DescribeServices.
func ServiceEvent(text string) Match { return read(text) }

// RolloutReason reads Deployment.rolloutStateReason of DescribeServices, or the statusReason of a service deployment.
func RolloutReason(text string) Match { return read(text) }

func read(text string) Match {
	normal := normalise(text)
	name := errorName(text, normal)
	cause := classify(normal)
	if cause == Unrecognised {
		cause = causeOfName(name)
	}
	return Match{Cause: cause, Kind: cause.Kind(), ErrorName: name, Fields: extract(text)}
}
