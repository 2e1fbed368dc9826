package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// StandaloneTasks returns the stopped tasks of the cluster that belong to no service (jobs, scheduled tasks, RunTask),
// as
// far as they stopped within the window and ECS still knows them, oldest first.
func (c *Cluster) StandaloneTasks(ctx context.Context) ([]StoppedTask, error) {
	set, err := c.tasks.get(ctx)
	var jobs []StoppedTask
	for _, t := range set.stopped {
		job := StoppedTask{Task: t}
		if !strings.HasPrefix(aws.ToString(t.Group), "service:") && !job.at().Before(c.window.Start) {
			jobs = append(jobs, job)
		}
	}
	slices.SortStableFunc(jobs, func(a, b StoppedTask) int {
		return cmp.Or(a.begin().Compare(b.begin()),
			compareTasks(a.Task, b.Task))
	})
	return jobs, err
}

// JobFailed finds tasks of no service that did not start or ended with an error: one finding for each family.
var JobFailed = &diag.Check[*Cluster]{
	Info: diag.Info{
		Code: "ecs.job-failed", Title: "Job failed",
		Doc: "A task that belongs to no service (a job, a scheduled task) did not start, or ended of itself and not with " +
			"code 0. One " +
			"that somebody stopped, or of which a later run of the same family ended well, is let pass.",
		Severity: diag.SeverityError, Actions: []string{"ecs:ListTasks", "ecs:DescribeTasks", "ecs:DescribeTaskDefinition"},
		Breaks: []diag.Mechanism{diag.TaskRun}, Needs: StandaloneTaskFailed.Needs,
		Limits: "ECS forgets stopped tasks after about an hour.", Source: sourceStopped,
	},
	Run: func(ctx context.Context, c *Cluster) ([]diag.Finding, error) {
		jobs, err := c.StandaloneTasks(ctx)
		var findings []diag.Finding
		for _, family := range families(jobs) {
			failures, familyErr := c.failures(ctx, family)
			err = joined(err, familyErr)
			if len(failures) > 0 {
				findings = append(findings, c.jobFinding(family, failures))
			}
		}
		return findings, err
	},
}

// families groups jobs by the family of their task definition, in the order of names.
func families(jobs []StoppedTask) [][]StoppedTask {
	byName := map[string][]StoppedTask{}
	for _, j := range jobs {
		byName[familyOf(j.Task)] = append(byName[familyOf(j.Task)], j)
	}
	var groups [][]StoppedTask
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		groups = append(groups, byName[name])
	}
	return groups
}

func familyOf(t types.Task) string {
	family, _, _ := strings.Cut(afterSlash(aws.ToString(t.TaskDefinitionArn)), ":")
	return family
}

// failures returns the failed runs of a family since its last good one, as signs whose text says why.
func (c *Cluster) failures(ctx context.Context, family []StoppedTask) ([]sign, error) {
	var failures []sign
	var errs []error
	for i := range family {
		s, ok, err := judgeAlone(ctx, c.definitions, &family[i])
		errs = append(errs, err)
		switch {
		case !ok && s.cause == ecstext.EssentialContainerExited:
			failures = nil // a later run ended well
		case ok:
			failures = append(failures, s)
		}
	}
	return failures, joined(errs...)
}

func (c *Cluster) jobFinding(family []StoppedTask, failures []sign) diag.Finding {
	last := failures[len(failures)-1]
	ref := aws.ToString(last.task.TaskDefinitionArn)
	f := diag.Finding{
		Resource: taskDefinitionResource(ref), Since: failures[0].at,
		Summary: fmt.Sprintf("%d of the last %d runs of %s in cluster %s failed: %s; %s", len(failures), len(family),
			afterSlash(ref), c.name, last.why(), span(failures[0].at, last.at)),
		Evidence: []diag.Evidence{evidenceAt(last.source, last.path(), (&group{}).quote(last), last.at)},
		Related:  []diag.Related{{Resource: clusterResource(c.name, aws.ToString(last.task.ClusterArn)), Role: "cluster"}},
		NextSteps: []diag.Step{{Text: "Look at the last failed run.", Command: fmt.Sprintf("aws ecs describe-tasks "+
			"--cluster %s --tasks %s",
			c.name, shortName(aws.ToString(last.task.TaskArn)))}},
	}
	for _, s := range failures[max(0, len(failures)-maxSamples):] {
		f.Related = append(f.Related, diag.Related{Resource: taskResource(aws.ToString(s.task.TaskArn)), Role: "task"})
	}
	return f
}
