package triage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// databaseUse is what a service was told of databases.
func (s *Scene) databaseUse(service *ecsdiag.Service) *rdsdiag.Use {
	return rdsdiag.NewUse(rdsdiag.Client{
		Resource: service.Resource(),
		Told: func(ctx context.Context) ([]rdsdiag.Told, error) {
			definition, err := service.TaskDefinition(ctx)
			if err != nil {
				return nil, err
			}
			var told []rdsdiag.Told
			for _, c := range definition.ContainerDefinitions {
				told = append(told, toldIn(c.Environment)...)
			}
			return told, nil
		},
		Said: func(ctx context.Context, what *regexp.Regexp) (time.Time, error) { return s.said(ctx, service, what) },
		IAM: func(ctx context.Context) (string, error) {
			definition, err := service.TaskDefinition(ctx)
			if err != nil {
				return "", err
			}
			for _, c := range definition.ContainerDefinitions {
				if name := switchesIAM(c.Environment); name != "" {
					return name, nil
				}
			}
			return "", nil
		},
		Secrets: func(ctx context.Context) ([]rdsdiag.Rotation, time.Time, error) {
			return s.secretsOf(ctx, service)
		},
	}, s.databases)
}

// said returns when the tasks of a service first wrote something in the window. Their logs are read by the walk anyway.
// Groups elsewhere, and such as do not exist, say nothing.
func (s *Scene) said(ctx context.Context, service *ecsdiag.Service, what *regexp.Regexp) (time.Time, error) {
	definition, err := service.TaskDefinition(ctx)
	if err != nil || s.Scope.Clients.Logs == nil {
		return time.Time{}, err
	}
	var first time.Time
	for _, target := range ecsdiag.LogTargets(definition) {
		if target.Region != "" && target.Region != s.Scope.Region {
			continue
		}
		reading, readErr := s.LogGroup(diag.Resource{Type: typeLogGroup, ID: target.Group}).Reading(ctx)
		if diag.KindOf(readErr) != diag.KindNotFound && diag.KindOf(readErr) != diag.KindIncomplete {
			err = errors.Join(err, readErr)
		}
		if reading == nil {
			continue
		}
		for _, line := range reading.Lines {
			if what.MatchString(line.Text) && (first.IsZero() || line.At.Before(first)) {
				first = line.At
			}
		}
	}
	return first, err
}

// secretsOf returns the secrets that the tasks of a service get, and when the oldest running one got them.
func (s *Scene) secretsOf(ctx context.Context, service *ecsdiag.Service) ([]rdsdiag.Rotation, time.Time, error) {
	definition, err := service.TaskDefinition(ctx)
	if err != nil || s.Scope.Clients.Secrets == nil {
		return nil, time.Time{}, err
	}
	tasks, err := service.RunningTasks(ctx)
	var started time.Time
	for _, t := range tasks {
		if at := aws.ToTime(t.StartedAt); !at.IsZero() && (started.IsZero() || at.Before(started)) {
			started = at
		}
	}
	seen := map[string]bool{}
	var given []rdsdiag.Rotation
	for _, from := range valuesFrom(definition) {
		secret := s.secret(from)
		if !strings.Contains(from, ":secretsmanager:") || seen[secret.Resource().ID] {
			continue
		}
		seen[secret.Resource().ID] = true
		described, describeErr := secret.Describe(ctx)
		if diag.KindOf(describeErr) == diag.KindNotFound {
			continue
		}
		if err = errors.Join(err, describeErr); described != nil {
			given = append(given, rdsdiag.Rotation{Secret: secret.Resource(), Changed: aws.ToTime(described.LastChangedDate)})
		}
	}
	return given, started, err
}

var (
	portBehind = regexp.MustCompile(`^:(\d{1,5})(?:\D|$)`)
	hostInName = regexp.MustCompile(`(?i)_?(?:host(?:name)?|endpoint|server|addr(?:ess)?|url)$`)
)

// toldIn finds the endpoints in the environment of a container, with their ports: in the value behind the host, or in a
// variable of the same name with "PORT" in place of "HOST".
func toldIn(environment []types.KeyValuePair) []rdsdiag.Told {
	values := map[string]string{}
	for _, e := range environment {
		values[strings.ToUpper(aws.ToString(e.Name))] = aws.ToString(e.Value)
	}
	var told []rdsdiag.Told
	for _, e := range environment {
		name, value := aws.ToString(e.Name), aws.ToString(e.Value)
		for _, at := range endpointHost.FindAllStringIndex(value, -1) {
			t := rdsdiag.Told{From: name, Host: value[at[0]:at[1]]}
			if m := portBehind.FindStringSubmatch(value[at[1]:]); m != nil {
				t.Port, t.PortFrom = portOf(m[1]), name
			} else if stem := hostInName.ReplaceAllString(name, ""); stem != name {
				if beside := strings.ToUpper(stem) + "_PORT"; value == t.Host && stem != "" {
					t.Port, t.PortFrom = portOf(values[beside]), beside
				}
			}
			told = append(told, t)
		}
	}
	return told
}

func portOf(s string) int32 {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0
	}
	return int32(n)
}

// crowd is a database instance and what the services that name it did.
func (s *Scene) crowd(db *rdsdiag.DBInstance) *rdsdiag.Crowd {
	return rdsdiag.NewCrowd(db, func(ctx context.Context) ([]rdsdiag.ClientChange, error) {
		users, err := s.databaseUsers(ctx, db)
		found, errs := make([][]rdsdiag.ClientChange, len(users)), make([]error, len(users))
		var group sync.WaitGroup
		for i, user := range users {
			group.Go(func() { found[i], errs[i] = grown(ctx, s.Service(user)) })
		}
		group.Wait()
		return slices.Concat(found...), errors.Join(append(errs, err)...)
	})
}

// grown returns when a service was deployed or got more tasks in the window. Its tasks and the revisions before are
// asked for side by side.
func grown(ctx context.Context, service *ecsdiag.Service) ([]rdsdiag.ClientChange, error) {
	deployments, err := service.Deployments(ctx)
	var tasks []types.Task
	errs := make([]error, len(deployments), len(deployments)+2)
	pools := make([][]diag.Evidence, len(deployments))
	var tasksErr error
	var group sync.WaitGroup
	group.Go(func() { tasks, tasksErr = service.RunningTasks(ctx) })
	for i, d := range deployments {
		if service.Window().Contains(aws.ToTime(d.CreatedAt)) {
			group.Go(func() { pools[i], errs[i] = poolChanged(ctx, service, aws.ToString(d.TaskDefinition)) })
		}
	}
	group.Wait()
	var changes []rdsdiag.ClientChange
	for i, d := range deployments {
		if service.Window().Contains(aws.ToTime(d.CreatedAt)) {
			changes = append(changes, released(service, d, pools[i]))
		}
	}
	if out, ok := scaledOut(service, deployments, tasks); ok {
		changes = append(changes, out)
	}
	return changes, errors.Join(append(errs, err, tasksErr)...)
}

// released is a deployment, with what it changed of the connections that a task opens.
func released(service *ecsdiag.Service, d types.Deployment, pool []diag.Evidence) rdsdiag.ClientChange {
	at, definition := aws.ToTime(d.CreatedAt), shortName(aws.ToString(d.TaskDefinition))
	change := rdsdiag.ClientChange{Client: service.Resource(), At: at,
		What: "was deployed (task definition " + definition + ")",
		Evidence: []diag.Evidence{{Source: "ecs:DescribeServices", Field: "deployments[].createdAt", Value: definition,
			At: at}}}
	for _, e := range pool {
		change.What += ", " + e.Field + " " + e.Value
		change.Evidence = append(change.Evidence, e)
	}
	return change
}

// together is within which time tasks start that one step of scaling brought.
const together = 10 * time.Minute

// scaledOut finds the last step in which a service got half as many tasks more as it had. Tasks that a deployment
// replaces are none: they are of its time.
func scaledOut(service *ecsdiag.Service, deployments []types.Deployment,
	tasks []types.Task) (rdsdiag.ClientChange, bool) {
	var created []time.Time
	for _, t := range tasks {
		created = append(created, aws.ToTime(t.CreatedAt))
	}
	slices.SortFunc(created, time.Time.Compare)
	for i := len(created) - 1; i > 0; i-- {
		if created[i].Sub(created[i-1]) < together {
			continue
		}
		at := created[i]
		deployed := slices.ContainsFunc(deployments, func(d types.Deployment) bool {
			since := at.Sub(aws.ToTime(d.CreatedAt))
			return since >= 0 && since < 3*together
		})
		if added := len(created) - i; !deployed && 2*added >= i && service.Window().Contains(at) {
			return rdsdiag.ClientChange{Client: service.Resource(), At: at,
				What: fmt.Sprintf("grew from %d to %d tasks", i, len(created)),
				Evidence: []diag.Evidence{{Source: "ecs:DescribeTasks", Field: "tasks[].createdAt",
					Value: fmt.Sprintf("%d tasks since then", added), At: at}}}, true
		}
		return rdsdiag.ClientChange{}, false
	}
	return rdsdiag.ClientChange{}, false
}

func shortName(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }

var (
	revision = regexp.MustCompile(`^(.+):(\d+)$`)
	pool     = regexp.MustCompile(`(?i)pool|conn(?:ection)?s|max_?conn|workers|threads|concurrency`)
	plain    = regexp.MustCompile(`^\d+$`)
)

// poolChanged compares the numbers that set how many connections a task opens with those of the revision before.
func poolChanged(ctx context.Context, service *ecsdiag.Service, arn string) ([]diag.Evidence, error) {
	m := revision.FindStringSubmatch(arn)
	if m == nil {
		return nil, nil
	}
	n, err := strconv.Atoi(m[2])
	if err != nil || n < 2 {
		return nil, nil
	}
	now, err := service.Definition(arn).Describe(ctx)
	if err != nil {
		return nil, err
	}
	before, err := service.Definition(m[1] + ":" + strconv.Itoa(n-1)).Describe(ctx)
	if diag.KindOf(err) == diag.KindNotFound || diag.KindOf(err) == diag.KindInvalid { // deregistered and deleted, or another one
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	was := numbers(before)
	var changed []diag.Evidence
	for name, value := range numbers(now) {
		if old := was[name]; old != value {
			changed = append(changed, diag.Evidence{Source: "ecs:DescribeTaskDefinition", Field: name,
				Value: fmt.Sprintf("from %s to %s", cmp.Or(old, "unset"), value)})
		}
	}
	slices.SortFunc(changed, func(a, b diag.Evidence) int { return cmp.Compare(a.Field, b.Field) })
	return changed, nil
}

func numbers(td *types.TaskDefinition) map[string]string {
	found := map[string]string{}
	if td == nil {
		return found
	}
	for _, c := range td.ContainerDefinitions {
		for _, e := range c.Environment {
			if pool.MatchString(aws.ToString(e.Name)) && plain.MatchString(aws.ToString(e.Value)) {
				found[aws.ToString(e.Name)] = aws.ToString(e.Value)
			}
		}
	}
	return found
}
