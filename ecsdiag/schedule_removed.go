package ecsdiag

import (
	"context"
	"fmt"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// Removed is a schedule or rule that somebody disabled, deleted or took the targets from.
type Removed struct {
	At time.Time
	// Name is the schedule's; How tells what was done and by whom, as "ann disabled rule nightly".
	Name, How string
	Resource  diag.Resource
}

// WithRemoved lets the launches know which schedules were taken away: removed is asked, who reads CloudTrail. It
// returns them.
func (r *Launches) WithRemoved(removed func(context.Context) ([]Removed, error)) *Launches {
	r.removed = removed
	return r
}

// missedRuns is after how many of its intervals a schedule is taken to have missed a run.
const missedRuns = 1.5

// ScheduleRemoved reports jobs that ran by a schedule and run no more, since somebody took it away.
var ScheduleRemoved = &diag.Check[*Launches]{
	Info: diag.Info{
		Code: "ecs.schedule-removed", Title: "Schedule of a job is gone",
		Doc: "A schedule or rule ran tasks in the cluster at least twice; then it was disabled or deleted, or lost its " +
			"targets, and the " +
			"next run is overdue.",
		Severity: diag.SeverityWarning, Actions: []string{"cloudtrail:LookupEvents"},
		Breaks: []diag.Mechanism{diag.TaskStart},
		Limits: "Knows the schedules that ran something within the window, and takes the time between their last two runs for their " +
			"interval. Whether the job was meant to end, only people know.",
		Source: "Amazon ECS developer guide, Using Amazon EventBridge Scheduler to schedule Amazon ECS tasks; startedBy of RunTask",
	},
	Run: func(ctx context.Context, r *Launches) ([]diag.Finding, error) {
		if r.removed == nil {
			return nil, nil
		}
		all, err := r.known.Get(ctx, r.made)
		if len(all) == 0 {
			return nil, err
		}
		removed, removedErr := r.removed(ctx)
		var findings []diag.Finding
		for _, gone := range removed {
			if runs := runsOf(all, gone.Name); overdue(runs, gone.At, r.cluster.window.End) {
				findings = append(findings, r.removedFinding(gone, runs))
			}
		}
		return findings, joined(err, removedErr)
	},
}

// runsOf are the calls of a schedule that ran something, the oldest first.
func runsOf(all []Launch, schedule string) []Launch {
	var runs []Launch
	for _, run := range all {
		if run.Code == "" && run.StartedBy != "" && shortName(run.StartedBy) == schedule {
			runs = append(runs, run)
		}
	}
	return runs
}

// overdue reports runs that ended before their schedule was taken away and should have gone on since.
func overdue(runs []Launch, gone, now time.Time) bool {
	if len(runs) < 2 {
		return false
	}
	last := runs[len(runs)-1].At
	interval := last.Sub(runs[len(runs)-2].At)
	return !last.After(gone) && interval > 0 && now.Sub(last) > time.Duration(float64(interval)*missedRuns)
}

func (r *Launches) removedFinding(gone Removed, runs []Launch) diag.Finding {
	last := runs[len(runs)-1]
	return diag.Finding{Since: gone.At,
		Summary: fmt.Sprintf("%s runs no more in cluster %s: %s at %s; it ran %d times before, last at %s",
			afterSlash(last.TaskDefinition),
			r.cluster.name, gone.How, words.Clock(gone.At), len(runs), words.Clock(last.At)),
		Evidence: []diag.Evidence{{Source: "cloudtrail:LookupEvents", Field: "RunTask.startedBy", Value: last.StartedBy,
			At: last.At}},
		Related: []diag.Related{{Resource: gone.Resource, Role: "schedule"},
			{Resource: taskDefinitionResource(last.TaskDefinition), Role: "task definition"}},
		NextSteps: []diag.Step{{Text: "Enable or restore the schedule, if the job is still wanted, and run it once by hand.",
			Changes: true}},
	}
}
