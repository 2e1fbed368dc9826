package triage_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// fault changes a task that did not work.
type fault func(*types.Task)

// neverStarted is a task that ECS could not start.
func neverStarted(format string, args ...any) fault {
	return func(t *types.Task) {
		reason := fmt.Sprintf(format, args...)
		t.StopCode, t.StoppedReason, t.StartedAt = types.TaskStopCodeTaskFailedToStart, aws.String(reason), nil
		if strings.HasPrefix(reason, "CannotPull") {
			t.Containers[0].Reason = aws.String(reason)
		}
	}
}

// exited is a task whose container ended.
func exited(code int32, reason string) fault {
	return func(t *types.Task) {
		t.StopCode, t.StoppedReason = types.TaskStopCodeEssentialContainerExited,
			aws.String("Essential container in task exited")
		t.Containers[0].ExitCode = aws.Int32(code)
		if reason != "" {
			t.Containers[0].Reason = aws.String(reason)
		}
	}
}

// replaced is a task that the scheduler stopped.
func replaced(reason string, exit int32) fault {
	return func(t *types.Task) {
		t.StopCode, t.StoppedReason = types.TaskStopCodeServiceSchedulerInitiated, aws.String(reason)
		t.Containers[0].ExitCode = aws.Int32(exit)
	}
}

// stopped adds a stopped task of a service, made some time ago, which lived for a while.
func (w *world) stopped(name string, ago, lived time.Duration, f fault) *types.Task {
	t := *diagfake.Clone(w.tasks(name)[0])
	w.rename(&t, w.id())
	created := w.ago(ago)
	t.CreatedAt, t.PullStartedAt, t.PullStoppedAt = aws.Time(created), aws.Time(created.Add(12*time.Second)),
		aws.Time(created.Add(25*time.Second))
	t.StartedAt = aws.Time(created.Add(30 * time.Second))
	end := created.Add(30 * time.Second).Add(lived)
	t.ExecutionStoppedAt, t.StoppingAt, t.StoppedAt = aws.Time(end), aws.Time(end.Add(time.Second)),
		aws.Time(end.Add(15*time.Second))
	t.LastStatus, t.DesiredStatus = aws.String("STOPPED"), aws.String("STOPPED")
	t.Connectivity = ""
	t.Containers[0].LastStatus = aws.String("STOPPED")
	d := w.service(name).Deployments[0]
	t.StartedBy, t.TaskDefinitionArn = d.Id, d.TaskDefinition
	t.Containers[0].Image = w.definition(*d.TaskDefinition).ContainerDefinitions[0].Image
	f(&t)
	if t.StartedAt == nil {
		t.PullStoppedAt, t.ExecutionStoppedAt, t.Containers[0].RuntimeId, t.Containers[0].ImageDigest = nil, nil, nil, nil
	}
	w.ECS.Tasks = append(w.ECS.Tasks, t)
	w.event(name, ago, "has started 1 tasks: (task %s).", short(*t.TaskArn))
	return &w.ECS.Tasks[len(w.ECS.Tasks)-1]
}

func (w *world) rename(t *types.Task, id string) {
	old := short(*t.TaskArn)
	t.TaskArn = aws.String(strings.ReplaceAll(*t.TaskArn, old, id))
	for i := range t.Containers {
		c := &t.Containers[i]
		c.TaskArn = t.TaskArn
		c.ContainerArn = aws.String(strings.ReplaceAll(aws.ToString(c.ContainerArn), old, id))
		c.RuntimeId = aws.String(strings.ReplaceAll(aws.ToString(c.RuntimeId), old, id))
	}
}

// revise registers the next revision of a service's task definition, and makes the service use it.
func (w *world) revise(name string, ago time.Duration, change func(*types.TaskDefinition)) *types.TaskDefinition {
	s := w.service(name)
	td := *diagfake.Clone(w.definition(*s.TaskDefinition))
	td.Revision++
	td.TaskDefinitionArn = aws.String(fmt.Sprintf("%s:%d",
		(*td.TaskDefinitionArn)[:strings.LastIndex(*td.TaskDefinitionArn, ":")], td.Revision))
	td.RegisteredAt = aws.Time(w.ago(ago + time.Minute))
	image := *td.ContainerDefinitions[0].Image
	td.ContainerDefinitions[0].Image = aws.String(image[:strings.LastIndex(image, ":")] + ":7be20c4")
	if change != nil {
		change(&td)
	}
	w.push(*td.ContainerDefinitions[0].Image, ago+10*time.Minute)
	w.ECS.TaskDefinitions = append(w.ECS.TaskDefinitions, td)
	s.TaskDefinition = td.TaskDefinitionArn
	w.change(ago+time.Minute, "gitlab-deploy", "ecs:RegisterTaskDefinition", fmt.Sprintf(`{"family":%q}`, *td.Family))
	w.change(ago, "gitlab-deploy", "ecs:UpdateService", fmt.Sprintf(`{"cluster":%q,"service":%q,"taskDefinition":%q}`,
		short(*s.ClusterArn), *s.ServiceName, *td.TaskDefinitionArn))
	return &w.ECS.TaskDefinitions[len(w.ECS.TaskDefinitions)-1]
}

// push adds an image of this account's registry.
func (w *world) push(image string, ago time.Duration) {
	_, path, ours := strings.Cut(image, ".amazonaws.com/")
	repository, tag, _ := strings.Cut(path, ":")
	for _, i := range w.ECR.Images {
		if ours && aws.ToString(i.RepositoryName) == repository {
			i.ImageTags, i.ImagePushedAt = []string{tag}, aws.Time(w.ago(ago))
			i.ImageDigest = aws.String("sha256:c0ffee5be4f705181395821f7980d1e856e222953f41a67c24c219f86e89b22a")
			w.ECR.Images = append(w.ECR.Images, i)
			return
		}
	}
}

// unpush takes the newest image away again.
func (w *world) unpush() { w.ECR.Images = w.ECR.Images[:len(w.ECR.Images)-1] }

// release begins a deployment whose tasks all fail, one every few minutes; the old ones keep serving.
func (w *world) release(name string, ago time.Duration, change func(*types.TaskDefinition), lived time.Duration,
	f func(w *world) fault) {
	w.revise(name, ago, change)
	s := w.service(name)
	old := s.Deployments[0]
	old.Status = aws.String("ACTIVE")
	d := *diagfake.Clone(&s.Deployments[0])
	d.Id, d.Status, d.TaskDefinition = aws.String("ecs-svc/5203318847760145582"), aws.String("PRIMARY"), s.TaskDefinition
	d.CreatedAt, d.UpdatedAt = aws.Time(w.ago(ago)), aws.Time(w.ago(3*time.Minute))
	d.RolloutState = types.DeploymentRolloutStateInProgress
	d.RolloutStateReason = aws.String("ECS deployment ecs-svc/5203318847760145582 in progress.")
	d.RunningCount, d.PendingCount = 0, 0
	s.Deployments = []types.Deployment{d, old}
	s.DeploymentConfiguration.DeploymentCircuitBreaker = &types.DeploymentCircuitBreaker{}
	if f == nil {
		return
	}
	for at := ago; at > 5*time.Minute; at -= max(4*time.Minute, ago/6) {
		w.stopped(name, at-10*time.Second, lived, f(w))
		s.Deployments[0].FailedTasks++
		if s.Deployments[0].FailedTasks == 3 {
			w.event(name, at-time.Minute,
				"is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the "+
					"Amazon ECS Developer Guide.")
		}
	}
}

// down leaves a service without running tasks, since some time.
func (w *world) down(name string, since time.Duration) {
	s := w.service(name)
	arns := []string{}
	for _, t := range w.tasks(name) {
		arns = append(arns, *t.TaskArn)
	}
	w.ECS.Tasks = slices.DeleteFunc(w.ECS.Tasks, func(t types.Task) bool { return slices.Contains(arns, *t.TaskArn) })
	s.RunningCount, s.Deployments[0].RunningCount = 0, 0
	if len(s.LoadBalancers) > 0 {
		w.ELB.TargetHealth[w.group(name)] = nil
		w.metric("HealthyHostCount", "", short(w.group(name)), since, always(0))
	}
}

// lacks takes one running task from a service.
func (w *world) lacks(name string) {
	arn := *w.tasks(name)[1].TaskArn
	w.ECS.Tasks = slices.DeleteFunc(w.ECS.Tasks, func(t types.Task) bool { return *t.TaskArn == arn })
	s := w.service(name)
	s.RunningCount, s.Deployments[0].RunningCount = s.RunningCount-1, s.RunningCount-1
}

// health sets what a load balancer thinks of all targets of a service's group, since some time.
func (w *world) health(name string, since time.Duration, reason elb.TargetHealthReasonEnum, text string) {
	group := w.group(name)
	targets := w.ELB.TargetHealth[group]
	for i := range targets {
		targets[i].TargetHealth = &elb.TargetHealth{State: elb.TargetHealthStateEnumUnhealthy, Reason: reason,
			Description: aws.String(text)}
	}
	w.metric("HealthyHostCount", "", short(group), since, always(0))
	w.metric("UnHealthyHostCount", "", short(group), since, always(float64(len(targets))))
}

// errors makes the load balancer answer with a status code of its own, in place of a share of good answers.
func (w *world) errors(code string, since time.Duration, n float64) {
	w.metric("HTTPCode_ELB_"+code+"_Count", "", "lb", since, always(n))
	w.metric("HTTPCode_ELB_5XX_Count", "", "lb", since, always(n))
	w.metric("HTTPCode_Target_2XX_Count", "", "lb", since, func(_ int, old float64) float64 { return max(old-n, 0) })
}

// failures makes the targets of a service answer with 5xx.
func (w *world) failures(name string, since time.Duration, n float64) {
	w.metric("HTTPCode_Target_5XX_Count", "", "lb", since, always(n))
	w.metric("HTTPCode_Target_5XX_Count", "", short(w.group(name)), since, always(n))
	w.metric("HTTPCode_Target_2XX_Count", "", "lb", since, func(_ int, old float64) float64 { return max(old-n, 0) })
}
