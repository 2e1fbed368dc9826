package rdsdiag

import (
	"regexp"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// happening is one row of the table that makes the checks of events: what happened, and what it comes down to.
type happening struct {
	code             diag.Code // behind "rds." for instances, "rds.cluster-" for clusters
	title, doc, verb string
	severity         diag.Severity
	breaks, needs    []diag.Mechanism
	// only tells which events of the classes are meant, nil for all.
	only func(Event) bool
	// begins are the classes of the happening, ends those that tell that it is over, from then on.
	begins, ends []EventClass
	// partOf are the classes of which, close by, the happening is only a part: no finding of its own then.
	partOf []EventClass
	// from are the classes of an event before the first, within an hour, that it really began with.
	from []EventClass
	// unless are ends with which it did not happen after all.
	unless []EventClass
	// lasts tells that what it brought stays when it is over: another class has other limits.
	lasts bool
	step  string
}

var (
	failovers = []EventClass{
		EventFailoverStarted,
		EventFailoverCompleted,
		EventFailoverRequested,
		EventFailoverFailed,
	}
	maintenance = []EventClass{
		EventMaintenanceStarted,
		EventMaintenanceCompleted,
		EventPatched,
		EventUpgradeStarted,
		EventUpgradeCompleted,
		EventUpgradeFailed,
	}
	births = []EventClass{EventCreated, EventRestored, EventStarted, EventStopped}
	larger = slices.Concat(failovers, maintenance, births)
)

// switchover finds the events of a planned change of places: of blue/green deployments, and of replicas. The
// switchover of a global database is a failover between Regions ("Amazon RDS event categories and event messages").
var switchover = regexp.MustCompile(`(?i)switch(ed|ing)?[ -]?over|blue/green`)

func isSwitchover(e Event) bool {
	return switchover.MatchString(e.Message) && !strings.Contains(strings.ToLower(e.Message), "global")
}

func notSwitchover(e Event) bool { return !isSwitchover(e) }
