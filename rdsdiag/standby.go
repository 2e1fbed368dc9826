package rdsdiag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

const multiAZDoc = "Configuring and managing a Multi-AZ deployment; High availability for Amazon Aurora"

var (
	// interrupts are the classes of events that take a database away, resumes those that bring it back.
	interrupts = []EventClass{EventRecoveryStarted, EventMaintenanceStarted, EventUpgradeStarted, EventShutdown,
		EventInstanceUnresponsive, EventInstanceClassChange, EventRestarted, EventRecoveryCompleted}
	resumes = []EventClass{EventRecoveryCompleted, EventMaintenanceCompleted, EventUpgradeCompleted, EventRestarted,
		EventInstanceClassChange}
	// wanted are the classes of what somebody meant to be away.
	wanted = []EventClass{EventStopped, EventStarted, EventCreated, EventRestored, EventDeleted,
		EventFailoverStarted, EventFailoverCompleted, EventFailoverRequested}
)

// longestOutage is within which time the events of one outage lie.
const longestOutage = 2 * time.Hour

// outage returns the last interruption in the window that a standby would have shortened: the event it began with, and
// the one it ended with, which may be the same.
func outage(events []Event) (begin, end Event, ok bool) {
	var quiet time.Time // until when what happens belongs to something that was meant
	for _, e := range events {
		switch {
		case slices.Contains(wanted, e.Class):
			quiet = e.At.Add(near)
			if ok && e.At.Sub(end.At) <= near {
				ok = false
			}
		case e.At.Before(quiet):
		case ok && slices.Contains(resumes, e.Class) && e.At.Sub(begin.At) <= longestOutage:
			end = e
		case slices.Contains(interrupts, e.Class) && (!ok || e.At.Sub(begin.At) > longestOutage):
			begin, end, ok = e, e, true
		}
	}
	return begin, end, ok
}

// NoStandby tells of an instance that was interrupted and had no standby.
var NoStandby = &diag.Check[*DBInstance]{
	Info: diag.Info{
		Code: "rds.no-standby", Title: "No standby to fail over to", Severity: diag.SeverityInfo,
		Doc: "The instance was interrupted within the window, and is in one zone only. A Multi-AZ deployment fails over " +
			"within " +
			"one or two minutes where a single instance waits for its recovery, its maintenance or its new host.",
		Actions: []string{callEvents, callInstances}, Source: multiAZDoc,
		Limits: "Only where an interruption was seen, and where the instance is backed up, as one in production is.",
	},
	Run: func(ctx context.Context, i *DBInstance) ([]diag.Finding, error) {
		d, err := i.Describe(ctx)
		if err != nil || d.MultiAZ == nil || *d.MultiAZ || aws.ToInt32(d.BackupRetentionPeriod) == 0 ||
			aws.ToString(d.DBClusterIdentifier) != "" || aws.ToString(d.ReadReplicaSourceDBInstanceIdentifier) != "" {
			return nil, err
		}
		return i.alone(ctx, d, "is in one zone only and has no standby", instanceEvidence("MultiAZ", "false"),
			"aws rds modify-db-instance --db-instance-identifier "+i.ref.id+" --multi-az")
	},
}

// NoReader tells of the only instance of a cluster, which was interrupted.
var NoReader = &diag.Check[*DBInstance]{
	Info: diag.Info{
		Code: "rds.no-reader", Title: "No reader to fail over to", Severity: diag.SeverityInfo,
		Doc: "The instance was interrupted within the window, and is the only one of its cluster. With a reader in another " +
			"zone, Aurora fails over to it, most often within a minute; without, it makes the instance anew.",
		Actions: []string{callClusters, callEvents, callInstances}, Source: multiAZDoc,
		Limits: "Only where an interruption was seen.",
	},
	Run: func(ctx context.Context, i *DBInstance) ([]diag.Finding, error) {
		d, err := i.Describe(ctx)
		if err != nil || aws.ToString(d.DBClusterIdentifier) == "" {
			return nil, err
		}
		events, err := i.Events(ctx)
		if _, _, ok := outage(events); !ok {
			return nil, err
		}
		cluster, clusterErr := i.Cluster(ctx)
		if cluster == nil {
			return nil, errors.Join(err, clusterErr)
		}
		c, clusterErr := cluster.Describe(ctx)
		if clusterErr != nil || len(c.DBClusterMembers) != 1 {
			return nil, errors.Join(err, clusterErr)
		}
		return i.alone(ctx, d, "is the only instance of "+cluster.ref.id+" and has no reader to fail over to",
			clusterEvidence("DBClusterMembers", "["+i.ref.id+"]"), "aws rds create-db-instance --db-instance-identifier READER "+
				"--db-cluster-identifier "+cluster.ref.id+" --engine "+aws.ToString(d.Engine)+" --db-instance-class CLASS")
	},
}

// alone tells of the last interruption of an instance that nothing stood in for.
func (i *DBInstance) alone(
	ctx context.Context, d *types.DBInstance, why string, proof diag.Evidence, command string,
) ([]diag.Finding, error) {
	events, err := i.Events(ctx)
	begin, end, ok := outage(events)
	if !ok {
		return nil, err
	}
	f := diag.Finding{Resource: i.resource(d), Since: begin.At, Until: end.At, Evidence: []diag.Evidence{proof,
		eventEvidence(begin)},
		NextSteps: []diag.Step{{Text: "If that was too long, give it one.", Changes: true, Command: command}}}
	told := fmt.Sprintf("at %s (%s)", words.Clock(begin.At), strings.TrimSuffix(begin.Message, "."))
	if end.At.After(begin.At) {
		told = fmt.Sprintf("for %s from %s (%s)", words.Span(end.At.Sub(begin.At)), words.Clock(begin.At),
			strings.TrimSuffix(begin.Message, "."))
		f.Evidence = append(f.Evidence, eventEvidence(end))
	}
	f.Summary = fmt.Sprintf("%s %s: it was interrupted %s", i.ref.id, why, told)
	return []diag.Finding{f}, err
}
