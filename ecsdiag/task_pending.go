package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

// phase is one stretch of a task's way to RUNNING ("Amazon ECS task lifecycle").
type phase struct {
	code      diag.Code
	title     string
	doc       string
	doing     string        // completes "1 task of prod/api is …"
	limit     time.Duration // how long the phase may take where peers tell nothing
	needs     []diag.Mechanism
	since     func(*types.Task) time.Time
	took      func(*types.Task) time.Duration // how long it took a task that is through; zero if unknown
	evidence  func(*types.Task) (field, value string)
	contained func(*types.Task) bool // whether the task is in the phase
	hosts     bool                   // whether room on hosts is waited for
}

// slowFactor is how much longer than its peers a task may take before a phase counts as slow.
const slowFactor = 3

var phases = []phase{
	{
		code: "ecs.task-pending-provisioning", title: "Task waits for network interface or capacity",
		doc: "A task stays in PROVISIONING: ECS attaches its network interface, or waits until the capacity provider " +
			"has a host for it.",
		doing: "waiting in PROVISIONING for a network interface or a host", limit: 5 * time.Minute,
		needs:     []diag.Mechanism{diag.Placement, diag.HostRun, diag.AgentConnect},
		contained: func(t *types.Task) bool { return aws.ToString(t.LastStatus) == "PROVISIONING" },
		since:     func(t *types.Task) time.Time { return aws.ToTime(t.CreatedAt) },
		took:      func(t *types.Task) time.Duration { return between(t.CreatedAt, t.ConnectivityAt) },
		evidence:  attachmentEvidence, hosts: true,
	},
	{
		code: "ecs.task-pending-pull", title: "Image pull takes long",
		doc: "A task has begun to pull its images and is not through: the images are large, or the registry is slow or " +
			"not reached.",
		doing: "pulling its images", limit: 5 * time.Minute,
		needs: []diag.Mechanism{diag.NetworkPath, diag.NameResolution, diag.ImagePull},
		contained: func(t *types.Task) bool {
			return aws.ToString(t.LastStatus) == "PENDING" && t.PullStartedAt != nil && t.PullStoppedAt == nil
		},
		since:    func(t *types.Task) time.Time { return aws.ToTime(t.PullStartedAt) },
		took:     func(t *types.Task) time.Duration { return between(t.PullStartedAt, t.PullStoppedAt) },
		evidence: func(t *types.Task) (string, string) { return "pullStartedAt", stamp(t.PullStartedAt) },
	},
	{
		code: "ecs.task-pending-start", title: "Containers take long to start",
		doc: "A task is pending though no image is being pulled: it has not got so far, or waits for containers that " +
			"others depend on, or for a health check.",
		doing: "waiting in PENDING or ACTIVATING for its containers to start", limit: 5 * time.Minute,
		needs: []diag.Mechanism{diag.NetworkPath, diag.AgentConnect, diag.HostRun, diag.SecretRead, diag.ImagePull,
			diag.Application},
		contained: func(t *types.Task) bool {
			pulling := t.PullStartedAt != nil && t.PullStoppedAt == nil
			return aws.ToString(t.LastStatus) == "ACTIVATING" || (aws.ToString(t.LastStatus) == "PENDING" && !pulling)
		},
		since:    func(t *types.Task) time.Time { return cmpTime(aws.ToTime(t.PullStoppedAt), aws.ToTime(t.CreatedAt)) },
		took:     func(t *types.Task) time.Duration { return between(t.PullStoppedAt, t.StartedAt) },
		evidence: containerEvidence,
	},
}

func (p phase) check() *diag.Check[*Service] {
	return &diag.Check[*Service]{
		Info: diag.Info{Code: p.code, Title: p.title, Doc: p.doc, Severity: diag.SeverityWarning, Actions: p.actions(),
			Breaks: breaksStart, Needs: p.needs, Source: "Amazon ECS Developer Guide: Amazon ECS task lifecycle"},
		Run: func(ctx context.Context, s *Service) ([]diag.Finding, error) {
			svc, err := s.Describe(ctx)
			if err != nil {
				return nil, err
			}
			running, err := s.RunningTasks(ctx)
			found := p.judge(s, svc, running)
			if p.hosts && len(found) > 0 && onEC2(svc) {
				err = joined(err, s.addRoom(ctx, &found[0]))
			}
			return found, err
		},
	}
}

func (p phase) actions() []string {
	if p.hosts {
		return actionsPlacement
	}
	return actionsTasks
}

// addRoom tells what hosts have left where tasks wait for one: the capacity provider does not bring more of them.
func (s *Service) addRoom(ctx context.Context, f *diag.Finding) error {
	td, err := s.TaskDefinition(ctx)
	instances, hostsErr := s.ContainerInstances(ctx)
	err = joined(err, hostsErr)
	if td == nil || len(instances) == 0 {
		return err
	}
	n := needOf(td)
	tail := n.tail(instances)
	if tail == "" {
		return err
	}
	f.Summary += tail
	for _, i := range instances[:min(len(instances), maxInstances)] {
		if lacks := n.lacks(i); len(lacks) > 0 {
			f.Evidence = append(f.Evidence, evidence(sourceInstances,
				"containerInstances["+shortName(aws.ToString(i.ContainerInstanceArn))+"]", strings.Join(lacks, ", ")))
		}
	}
	f.NextSteps = append(f.NextSteps, diag.Step{Text: "See why the group behind the capacity provider does not grow: its " +
		"maximum, its scaling activities, and whether managed scaling is on.", Command: "aws autoscaling " +
		"describe-scaling-activities --max-items 5"})
	return err
}

// judge tells of tasks that are longer in the phase than its limit and than three times what it took their peers.
func (p phase) judge(s *Service, svc *types.Service, running []types.Task) []diag.Finding {
	usual := p.usual(running)
	limit := max(p.limit, slowFactor*usual)
	var slow []types.Task
	for _, t := range running {
		if since := p.since(&t); p.contained(&t) && !since.IsZero() && s.window.End.Sub(since) > limit {
			slow = append(slow, t)
		}
	}
	if len(slow) == 0 {
		return nil
	}
	first := slow[0]
	field, value := p.evidence(&first)
	id := shortName(aws.ToString(first.TaskArn))
	f := diag.Finding{
		Resource: s.resource(svc), Since: p.since(&first),
		Summary: fmt.Sprintf("%d of %d tasks of %s/%s: %s for %s", len(slow), len(running), s.cluster, s.name, p.doing,
			words.Span(s.window.End.Sub(p.since(&first)))),
		Evidence: []diag.Evidence{
			evidenceAt(sourceTasks, "tasks["+id+"].lastStatus", aws.ToString(first.LastStatus), p.since(&first)),
			evidence(sourceTasks, "tasks["+id+"]."+field, value),
		},
		NextSteps: []diag.Step{{Text: "Look at the task.", Command: fmt.Sprintf("aws ecs describe-tasks --cluster %s "+
			"--tasks %s", s.cluster, id)}},
	}
	if usual > 0 {
		f.Evidence = append(f.Evidence, evidence(sourceTasks, "other tasks", "took "+words.Span(usual)))
	}
	for _, t := range slow[:min(len(slow), maxSamples)] {
		f.Related = append(f.Related, diag.Related{Resource: taskResource(aws.ToString(t.TaskArn)), Role: "task"})
	}
	return []diag.Finding{f}
}

// usual is the median of what the phase took tasks that are through with it.
func (p phase) usual(running []types.Task) time.Duration {
	var took []time.Duration
	for i := range running {
		if d := p.took(&running[i]); d > 0 {
			took = append(took, d)
		}
	}
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[len(took)/2]
}

func between(from, to *time.Time) time.Duration {
	if from == nil || to == nil {
		return 0
	}
	return to.Sub(*from)
}

func stamp(t *time.Time) string {
	if t == nil {
		return "not yet"
	}
	return t.UTC().Format(time.RFC3339)
}

// attachmentEvidence tells the state of the task's network interface (ENI attachment: PRECREATED, CREATED, ATTACHING
// …).
func attachmentEvidence(t *types.Task) (field, value string) {
	for _, a := range t.Attachments {
		if aws.ToString(a.Type) == "ElasticNetworkInterface" {
			return "attachments[ElasticNetworkInterface].status", aws.ToString(a.Status)
		}
	}
	return "attachments", "none"
}

// containerEvidence tells the state of the first container that does not run.
func containerEvidence(t *types.Task) (field, value string) {
	for _, c := range t.Containers {
		if status := aws.ToString(c.LastStatus); status != "RUNNING" {
			return "containers[" + aws.ToString(c.Name) + "].lastStatus", status
		}
	}
	return "pullStoppedAt", stamp(t.PullStoppedAt)
}
