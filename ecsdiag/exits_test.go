package ecsdiag

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// scaledIn is a task that scaling took away, with an exit code some time after it was asked to stop.
func scaledIn(code int32, after time.Duration) types.Task {
	t := killedWhileStopping("s1", after)
	t.Containers[0].ExitCode = aws.Int32(code)
	return t
}

// TestExit137 tells the four ways apart in which a container ends with exit code 137.
func TestExit137(t *testing.T) {
	oom := exited("s1", ago(5*time.Minute), 137, "OutOfMemoryError: Container killed due to memory usage")
	elb := scaledIn(137, 31*time.Second)
	elb.StoppedReason = aws.String("Task failed ELB health checks in (target-group " + ecsfake.TargetGroupARN("api") + ")")
	notStarted := stopped("s1", ago(5*time.Minute), types.TaskStopCodeTaskFailedToStart, "CannotPullContainerError: "+
		"pull image manifest has been retried 1 time(s): failed to resolve ref a/b:1: not found")
	notStarted.Containers[0].ExitCode = aws.Int32(137)
	for _, c := range []struct {
		name string
		task types.Task
		want []diag.Code
	}{
		{"the runtime reports that memory ran out", oom, []diag.Code{"ecs.task-oom-killed"}},
		{"neither reason nor an order to stop", exited("s1", ago(5*time.Minute), 137, ""),
			[]diag.Code{"ecs.task-exit-137-ambiguous"}},
		{"killed when the stop timeout ran out", scaledIn(137, 31*time.Second),
			[]diag.Code{"ecs.task-killed-at-stop-timeout"}},
		{"killed while stopping, but before the timeout", scaledIn(137, 5*time.Second), nil},
		{"ended on SIGTERM after scaling in", scaledIn(143, 5*time.Second), nil},
		{"ended with 0 after scaling in", scaledIn(0, 5*time.Second), nil},
		{"stopped for failed health checks", elb, []diag.Code{"ecs.task-failed-elb-health-check",
			"ecs.task-killed-at-stop-timeout"}},
		{"never started", notStarted, []diag.Code{"ecs.task-image-not-found"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			diagtest.Want(t, diagtest.Run(t, serviceOf(edited(stops(c.task))), ServiceChecks()...), c.want...)
		})
	}
}

func TestStopTimeoutOfTheContainerCounts(t *testing.T) {
	longer := func(c *ecsfake.Client) { c.TaskDefinitions[0].ContainerDefinitions[0].StopTimeout = aws.Int32(60) }
	report := diagtest.Run(t, serviceOf(edited(stops(scaledIn(137, 31*time.Second)), longer)), ServiceChecks()...)
	diagtest.Want(t, report)
	report = diagtest.Run(t, serviceOf(edited(stops(scaledIn(137, 60*time.Second)), longer)), ServiceChecks()...)
	f := diagtest.Only(t, report, "ecs.task-killed-at-stop-timeout")
	assert.Equal(t, diag.SeverityInfo, f.Severity, "the task was to end anyway")
	assert.Contains(t, f.Summary, "did not end within 1 min of being asked to stop")
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		code int32
		want diag.Code
	}{
		{0, "ecs.task-exited-cleanly"}, {1, "ecs.task-exited-with-error"}, {2, "ecs.task-exited-with-error"}, {3,
			"ecs.task-exited-with-error"},
		{125, "ecs.task-command-not-run"}, {126, "ecs.task-command-not-run"}, {127, "ecs.task-command-not-run"},
		{130, "ecs.task-terminated-unasked"}, {134, "ecs.task-crashed"}, {137, "ecs.task-exit-137-ambiguous"}, {139,
			"ecs.task-segfault"},
		{143, "ecs.task-terminated-unasked"}, {255, "ecs.task-exited-with-error"}, {-1073741819,
			"ecs.task-exited-with-error"},
	} {
		report := diagtest.Run(t, serviceOf(edited(stops(exited("s1", ago(time.Minute), c.code, "")))), ServiceChecks()...)
		f := diagtest.Only(t, report, c.want)
		assert.Len(t, report.Findings, 1, "exit code %d", c.code)
		assert.Contains(t, f.Summary, "container api", "exit code %d", c.code)
	}
}

// TestEveryExitCodeHasOneCheck goes through all codes: none is told twice, none is left out.
func TestEveryExitCodeHasOneCheck(t *testing.T) {
	tasks := func(code int32) signs {
		return signs{all: []sign{readStop(&StoppedTask{Task: exited("s1", ago(time.Minute), code, "")})}}
	}
	s := serviceOf(healthy())
	for code := int32(0); code < 256; code++ {
		n := 0
		for _, row := range exitCauses {
			if row.code == "ecs.task-killed-at-stop-timeout" || row.code == "ecs.task-stopped-unexplained" {
				continue
			}
			picked, err := row.pick(t.Context(), s, tasks(code))
			assert.NoError(t, err)
			n += len(picked)
		}
		assert.Equal(t, 1, n, "exit code %d", code)
	}
}

func TestCulprit(t *testing.T) {
	exit := func(name string, code int32) types.Container {
		return types.Container{Name: aws.String(name), ExitCode: aws.Int32(code)}
	}
	td := &types.TaskDefinition{ContainerDefinitions: []types.ContainerDefinition{container("app", true),
		container("proxy", true), container("setup", false)}}
	for _, c := range []struct {
		name       string
		containers []types.Container
		want       string
	}{
		{"the one with an error, not those stopped after it", []types.Container{exit("proxy", 143), exit("app", 1)}, "app"},
		{"the one with an error, not one killed after it", []types.Container{exit("proxy", 137), exit("app", 1)}, "app"},
		{"one that ended cleanly, when the other was killed after it", []types.Container{exit("proxy", 137), exit("app",
			0)}, "app"},
		{"one that was killed, when the other heeded SIGTERM after it", []types.Container{exit("proxy", 143), exit("app",
			137)}, "app"},
		{"never one that is not essential", []types.Container{exit("setup", 1), exit("app", 0)}, "app"},
		{"none without an exit code", []types.Container{{Name: aws.String("app")}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := culprit(c.containers, td)
			if c.want == "" {
				assert.Nil(t, found)
			} else if assert.NotNil(t, found) {
				assert.Equal(t, c.want, *found.Name)
			}
		})
	}
}

// TestSidecarThatEndedWell holds that a container that ended with 0 is no failure beside one that did not.
func TestSidecarThatEndedWell(t *testing.T) {
	task := exited("s1", ago(5*time.Minute), 1, "")
	task.Containers = append(task.Containers, types.Container{Name: aws.String("setup"),
		LastStatus: aws.String("STOPPED"), ExitCode: aws.Int32(0)})
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(stops(task))), ServiceChecks()...),
		"ecs.task-exited-with-error")
	assert.Contains(t, f.Summary, "container api")
	assert.NotContains(t, f.Summary, "setup")
}

func TestAgentErrorYieldsToAnExitCode(t *testing.T) {
	task := exited("s1", ago(5*time.Minute), 7, "")
	task.Containers = append(task.Containers, types.Container{Name: aws.String("proxy"),
		Reason: aws.String("TaskDependencyError: dependency graph: container ordering dependency [app] for target [proxy] " +
			"did not exit successfully.")})
	s := readStop(&StoppedTask{Task: task})
	assert.Equal(t, ecstext.EssentialContainerExited, s.cause)
	diagtest.Want(t, diagtest.Run(t, serviceOf(edited(stops(task))), ServiceChecks()...), "ecs.task-exited-with-error")
}

func TestExitLeadsToTheLog(t *testing.T) {
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(stops(exited("0123abcd", ago(5*time.Minute), 3, "")))),
		ServiceChecks()...),
		"ecs.task-exited-with-error")
	assert.Equal(t, "1 task of prod/api exits with code 3 (the program's own exit code 3), container api, 4 min after it "+
		"started; at 11:55 UTC", f.Summary)
	assert.Contains(t, f.NextSteps[0].Command, "--log-group-name /ecs/api --log-stream-name ecs/api/0123abcd")
	assert.Contains(t, f.Related, diag.Related{Role: "log group", Resource: diag.Resource{Type: "AWS::Logs::LogGroup",
		ID:      "/ecs/api",
		Account: "111122223333", Region: "eu-west-1"}})
}
