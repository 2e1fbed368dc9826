package logs

import (
	"slices"
	"strings"
	"sync"

	"github.com/awsdiag/awsdiag/diag"
)

// GroupChecks returns the checks of a log group: one for each of [Causes], a missing group, new errors of no known
// cause, programs that wait in vain, health checks that are answered with errors, and invocations of a Lambda function
// that reach its limits. Left out is what needs to know what a group is for: which lines ought to be there and are not.
func GroupChecks() []*diag.Check[*Group] { return append([]*diag.Check[*Group]{}, groupChecks()...) }

var groupChecks = sync.OnceValue(func() []*diag.Check[*Group] {
	return append(classChecks(), GroupMissing, NewErrors, HealthCheckNotFound, HealthCheckError, NoHealthCheckRequests,
		WaitsInVain,
		LambdaMemoryNearLimit, LambdaTimedOut)
})

// serverCauses are the causes that the log of a database server tells of itself. What it tells of its clients, such as
// a statement that ran into a time-out, they tell themselves.
var serverCauses = []string{"database-lock-wait", "database-deadlock", "database-crashed", "database-recovering",
	"disk-full", "out-of-memory"}

// ServerChecks returns those of [GroupChecks] that ask why a database serves its clients badly.
func ServerChecks() []*diag.Check[*Group] {
	return slices.DeleteFunc(GroupChecks(), func(c *diag.Check[*Group]) bool {
		return !slices.Contains(serverCauses, strings.TrimPrefix(string(c.Code), "logs."))
	})
}

// RequestChecks returns the checks of a log group that ask how long requests took, for questions about slowness.
func RequestChecks() []*diag.Check[*Group] { return []*diag.Check[*Group]{SlowRequests} }

// lastSegment returns the part of a name after its last slash.
func lastSegment(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }
