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

// The tests of this file hold cases that other tools get wrong. The numbers are those of the list of defects that the
// project keeps. Where each is proved, here or in another room:
//
//	 1  TestPeerDefect1PortMismatch
//	 2  TestPeerDefect2DrainingIsNoTrouble; triage TestVariations "old targets draining"
//	 3  TestPeerDefect3ErrorsAreNoAllClear
//	 4  TestPeerDefect4TasksBeyondOnePage
//	 5  TestPeerDefect5KilledAfterAStop, TestExit137
//	 6  TestPeerDefect6SidecarThatEndedWell
//	 7  TestPeerDefect7ImageReferences; diag/images TestPeerRepositoryNames
//	 8  TestLogTargets; diag/logs TestTaskStreams
//	 9  TestPeerDefect9FoundBeyondOnePage
//	10  triage TestPeerDefect10UnrelatedResourcesCostNothing
//	11  diag TestRedactCorpus, TestRedactKeepsWhatADiagnosisNeeds, TestRedactByStructure
//	12  TestPeerDefect12OneRunManyAccounts
//	13  TestPeerDefect13ExecIsJudgedByItsAgent
//	18  TestPeerDefect18Messages
//	19  diag/access TestTrust; nothing is written (diagtest.ReadOnly), and no finding hides another (diag.Runner)
//	20  diag/logs TestDeniedLogsAreNotEmptyLogs
//	22  TestPeerDefect22Remedies

// TestPeerDefect1PortMismatch: a target group's default port of 80 beside a container port of 8080 is no fault, since ECS
// registers
// each task with its container's port.
func TestPeerDefect1PortMismatch(t *testing.T) {
	diagtest.Want(t, diagtest.Run(t, serviceOf(healthy()), LoadBalancerContainerMismatch))
}

// TestPeerDefect2DrainingIsNoTrouble: targets that are registered, drained and deregistered belong to a deployment.
func TestPeerDefect2DrainingIsNoTrouble(t *testing.T) {
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

// TestPeerDefect3ErrorsAreNoAllClear: what could not be seen is told, and what was seen is kept.
func TestPeerDefect3ErrorsAreNoAllClear(t *testing.T) {
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

// TestPeerDefect4TasksBeyondOnePage: all stopped tasks count, not the first page of a hundred.
func TestPeerDefect4TasksBeyondOnePage(t *testing.T) {
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

// TestPeerDefect5KilledAfterAStop: 137 of a task that was asked to stop is no lack of memory.
func TestPeerDefect5KilledAfterAStop(t *testing.T) {
	report := diagtest.Run(t, serviceOf(edited(stops(killedWhileStopping("s1", 31*time.Second)))), ServiceChecks()...)
	f := diagtest.Only(t, report, "ecs.task-killed-at-stop-timeout")
	assert.Equal(t, diag.SeverityInfo, f.Severity)
	assert.NotContains(t, f.Summary, "memory")
}

// TestPeerDefect6SidecarThatEndedWell: exit code 0 of a container that is not essential is no failure, and neither is
// it of the class of what ended the task.
func TestPeerDefect6SidecarThatEndedWell(t *testing.T) {
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

// TestPeerDefect7ImageReferences: nested repositories, digests, the partition of China, and the account and region of
// the registry are taken as they stand.
func TestPeerDefect7ImageReferences(t *testing.T) {
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

// TestPeerDefect9FoundBeyondOnePage: a name is found wherever it stands, beyond the first page of clusters and of
// services, and page by page where AWS gives one item each.
func TestPeerDefect9FoundBeyondOnePage(t *testing.T) {
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

// TestPeerDefect12OneRunManyAccounts: clients, and what they told, are those of a scope.
func TestPeerDefect12OneRunManyAccounts(t *testing.T) {
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

// TestPeerDefect13ExecIsJudgedByItsAgent: where the agent runs, no guess about endpoints or subnets counts against it.
func TestPeerDefect13ExecIsJudgedByItsAgent(t *testing.T) {
	report := diagtest.Run(t, serviceOf(edited(agentUp)), slices.Concat(ServiceChecks(), ExecChecks())...)
	require.NoError(t, report.Err())
	assert.Empty(t, report.Findings)
	for _, check := range fromExec {
		assert.Contains(t, check.Limits, "does not prove", "%s: a green light that was not seen", check.Code)
	}
}

// TestPeerDefect18Messages: messages that a peer's list of words misses.
func TestPeerDefect18Messages(t *testing.T) {
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

// TestPeerDefect22Remedies: the next steps of a failed pull are about the image, and not about memory.
func TestPeerDefect22Remedies(t *testing.T) {
	for _, row := range imageCauses {
		for _, step := range row.steps {
			assert.NotContains(t, step.Text, "memory", row.code)
		}
	}
}
