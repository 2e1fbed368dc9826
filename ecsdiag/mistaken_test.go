package ecsdiag

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// The tests of this file hold cases that are easily taken for something else, or overlooked.

// TestDefaultPortIsNoMismatch: a target group's default port of 80 beside a container port of 8080 is no fault, since
// ECS registers each task with its container's port.
func TestDefaultPortIsNoMismatch(t *testing.T) {
	diagtest.Want(t, diagtest.Run(t, serviceOf(healthy()), LoadBalancerContainerMismatch))
}

// TestDrainingIsNoTrouble: targets that are registered, drained and deregistered belong to a deployment.
func TestDrainingIsNoTrouble(t *testing.T) {
	for _, text := range []string{
		"(service api) registered 2 targets in (target-group " + ecsfake.TargetGroupARN("api") + ")",
		"(service api) deregistered 2 targets in (target-group " + ecsfake.TargetGroupARN("api") + ")",
		"(service api) has begun draining connections on 2 tasks.",
	} {
		diagtest.Want(
			t,
			diagtest.Run(t, serviceOf(edited(deploys(2*time.Minute, 1, 0), says(text))), ServiceChecks()...),
		)
	}
}

// TestErrorsAreNoAllClear: what could not be seen is told, and what was seen is kept.
func TestErrorsAreNoAllClear(t *testing.T) {
	for _, action := range []string{"ecs:ListTasks", "ecs:DescribeTasks", "ecs:DescribeServices"} {
		c := edited(says("(service api) " + noMemory))
		c.Deny(action)
		report := diagtest.Run(t, serviceOf(c), ServiceChecks()...)
		require.Error(t, report.Err(), action)
		assert.Equal(t, diag.KindDenied, report.Inconclusive[0].Kind)
		if action != "ecs:DescribeServices" {
			diagtest.Only(t, report, "ecs.placement-no-memory")
		}
	}
}

// TestTasksBeyondOnePage: all stopped tasks count, not the first page of a hundred.
func TestTasksBeyondOnePage(t *testing.T) {
	var many []types.Task
	for i := range 230 {
		many = append(many, exited(fmt.Sprintf("s%03d", i), ago(10*time.Minute), 1, ""))
	}
	c := edited(stops(many...))
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(c), ServiceChecks()...), "ecs.task-exited-with-error")
	assert.Contains(t, f.Summary, "230 tasks of prod/api")
	assert.Equal(t, 3, count(c.Calls())["ecs:DescribeTasks"])
	samples := slices.DeleteFunc(f.Related, func(r diag.Related) bool { return r.Role != "task" })
	assert.Len(t, samples, maxSamples)
}

// TestKilledAfterAStop: 137 of a task that was asked to stop is no lack of memory.
func TestKilledAfterAStop(t *testing.T) {
	report := diagtest.Run(t, serviceOf(edited(stops(killedWhileStopping("s1", 31*time.Second)))), ServiceChecks()...)
	f := diagtest.Only(t, report, "ecs.task-killed-at-stop-timeout")
	assert.Equal(t, diag.SeverityInfo, f.Severity)
	assert.NotContains(t, f.Summary, "memory")
}

// TestContainerThatMayEnd: exit code 0 of a container that is not essential is no failure, and neither is
// it of the class of what ended the task.
func TestContainerThatMayEnd(t *testing.T) {
	sidecar := types.Container{Name: aws.String("migrate"), LastStatus: aws.String("STOPPED"), ExitCode: aws.Int32(0)}
	defined := definition(func(td *types.TaskDefinition, _ *types.ContainerDefinition) {
		td.ContainerDefinitions = append(td.ContainerDefinitions, types.ContainerDefinition{Name: sidecar.Name,
			Essential: aws.Bool(false)})
	})
	runs := edited(defined, func(c *ecsfake.Client) { c.Tasks[0].Containers = append(c.Tasks[0].Containers, sidecar) })
	diagtest.Want(t, diagtest.Run(t, serviceOf(runs), ServiceChecks()...))
	failed := exited("s1", ago(5*time.Minute), 3, "")
	failed.Containers = append([]types.Container{sidecar}, failed.Containers...)
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(defined, stops(failed))), ServiceChecks()...),
		"ecs.task-exited-with-error")
	assert.Contains(t, f.Summary, "container api")
}

// TestImageReferences: nested repositories, digests, the partition of China, and the account and region of
// the registry are taken as they stand.
func TestImageReferences(t *testing.T) {
	const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for ref, want := range map[string]Image{
		"111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app:v1": {Repository: "team/app", Tag: "v1",
			Account: "111122223333", Region: "eu-west-1"},
		"999988887777.dkr.ecr.us-east-1.amazonaws.com/app@" + digest: {Repository: "app", Digest: digest,
			Account: "999988887777", Region: "us-east-1"},
		"111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a/b/c:2": {Repository: "a/b/c", Tag: "2",
			Account: "111122223333", Region: "cn-north-1"},
		"localhost:5000/app": {Repository: "app"},
	} {
		got := ParseImage(ref)
		got.Registry = ""
		assert.Equal(t, want, got, ref)
	}
}

// TestFoundBeyondOnePage: a name is found wherever it stands, beyond the first page of clusters and of
// services, and page by page where AWS gives one item each.
func TestFoundBeyondOnePage(t *testing.T) {
	c := account(120, 1)
	c.Services = append(c.Services, ecsfake.Service("c119", "wanted"))
	for i := range 105 {
		c.Services = append(c.Services, ecsfake.Service("c7", fmt.Sprintf("more%03d", i)))
	}
	c.Services = append(c.Services, ecsfake.Service("c7", "last"))
	for _, name := range []string{"wanted", "last"} {
		found, err := NewDirectory(c, testWindow).Lookup(t.Context(), name)
		require.NoError(t, err)
		require.Len(t, found, 1, name)
		assert.Equal(t, name, found[0].Name())
	}
	calls := count(c.Calls())
	assert.Equal(t, 2*2, calls["ecs:ListClusters"])
	assert.Equal(t, 2*(119+2), calls["ecs:ListServices"])
}

// TestOneRunManyAccounts: clients, and what they told, are those of a scope.
func TestOneRunManyAccounts(t *testing.T) {
	here, there := serviceOf(healthy()), serviceOf(edited(stops(exited("s1", ago(5*time.Minute), 3, ""))))
	report := diag.Runner{Window: testWindow}.Run(t.Context(),
		diag.On(here, ServiceChecks()...).In(diag.Scope{Account: "111122223333", Region: "eu-west-1"}),
		diag.On(there, ServiceChecks()...).In(diag.Scope{Account: "999988887777", Region: "us-east-1"}))
	require.NoError(t, report.Err())
	require.Len(t, report.Findings, 1)
	subjects := report.Coverage.Subjects
	require.Len(t, subjects, 2, "a service of the same name in another account is another service")
	assert.NotEqual(t, subjects[0].Region, subjects[1].Region)
}

// TestRunningExecAgentOutweighsGuesses: where the agent runs, no guess about endpoints or subnets counts against it.
func TestRunningExecAgentOutweighsGuesses(t *testing.T) {
	report := diagtest.Run(t, serviceOf(edited(agentUp)), slices.Concat(ServiceChecks(), ExecChecks())...)
	require.NoError(t, report.Err())
	assert.Empty(t, report.Findings)
	for _, check := range fromExec {
		assert.Contains(t, check.Limits, "does not prove", "%s: a green light that was not seen", check.Code)
	}
}

// TestMessagesInUnusualWords: the cause is told from messages that a short list of words misses.
func TestMessagesInUnusualWords(t *testing.T) {
	for text, want := range map[string]string{
		"(service api) could not launch 2 tasks for deployment ecs-svc/api7.":                            "ecs.task-failed-to-start",
		"(service api) (instance i-0abc) is not healthy in target-group api due to TARGET IS NOT FOUND.": "",
		"(service api) was unable to place a task. Reason: Timed out waiting for Amazon ECS Agent to " +
			"start.": "ecs.placement-agent-disconnected",
		"(service api) operations are being throttled on elb. Will try again later.": "ecs.service-throttled",
		"(service api) is unable to maintain tasks because IAM permissions policies have been misconfigured or changed " +
			"for role.": "ecs.service-iam-misconfigured",
	} {
		report := diagtest.Run(t, serviceOf(edited(says(text))), ServiceChecks()...)
		if assert.Len(t, report.Findings, 1, text) && want != "" {
			assert.Equal(t, want, string(report.Findings[0].Code), text)
		}
	}
}

// TestRemediesFitTheCause: the next steps of a failed pull are about the image, and not about memory.
func TestRemediesFitTheCause(t *testing.T) {
	for _, row := range imageCauses {
		for _, step := range row.steps {
			assert.NotContains(t, step.Text, "memory", row.code)
		}
	}
}
