package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Difference is one thing that two revisions of a task definition do not share. Values of environment variables are
// never
// among them: a change of value is told by the name alone.
type Difference struct {
	// What names it: "container app: memory", "container app: environment variable DB_HOST".
	What string
	// Old and New are the values; empty where it does not exist.
	Old, New string
}

// String tells the difference in one line.
func (d Difference) String() string {
	switch {
	case d.Old == "" && d.New == "":
		return d.What + " changed"
	case d.Old == "":
		return d.What + " added: " + d.New
	case d.New == "":
		return d.What + " removed (was " + d.Old + ")"
	}
	return d.What + ": " + d.Old + " -> " + d.New
}

// DiffTaskDefinitions tells what a newer revision changes: images, sizes, ports, commands, health checks, environment
// names,
// secret references, log options, roles, network mode and platform, container by container.
func DiffTaskDefinitions(older, newer *types.TaskDefinition) []Difference {
	if older == nil || newer == nil {
		return nil
	}
	d := compareSettings(taskSettings(older), taskSettings(newer))
	for _, name := range containerNames(older, newer) {
		a, b := containerNamed(older, name), containerNamed(newer, name)
		switch {
		case a == nil:
			d = append(d, Difference{What: "container " + name, New: aws.ToString(b.Image)})
		case b == nil:
			d = append(d, Difference{What: "container " + name, Old: aws.ToString(a.Image)})
		default:
			d = append(d, compareSettings(containerSettings(a), containerSettings(b))...)
			d = append(d, compareEnvironment(a, b)...)
		}
	}
	return d
}

// setting is a name with a value, in a fixed order.
type setting struct{ name, value string }

func compareSettings(older, newer []setting) []Difference {
	values := map[string][2]string{}
	var names []string
	for i, list := range [][]setting{older, newer} {
		for _, s := range list {
			v, ok := values[s.name]
			if !ok {
				names = append(names, s.name)
			}
			v[i] = s.value
			values[s.name] = v
		}
	}
	var d []Difference
	for _, name := range names {
		if v := values[name]; v[0] != v[1] {
			d = append(d, Difference{What: name, Old: v[0], New: v[1]})
		}
	}
	return d
}

func taskSettings(t *types.TaskDefinition) []setting {
	settings := []setting{
		{"task cpu", aws.ToString(t.Cpu)}, {"task memory", aws.ToString(t.Memory)}, {"network mode", string(t.NetworkMode)},
		{"execution role", shortName(aws.ToString(t.ExecutionRoleArn))}, {"task role",
			shortName(aws.ToString(t.TaskRoleArn))},
	}
	if p := t.RuntimePlatform; p != nil {
		settings = append(settings, setting{"platform",
			strings.Trim(string(p.OperatingSystemFamily)+"/"+string(p.CpuArchitecture), "/")})
	}
	return settings
}

func containerSettings(c *types.ContainerDefinition) []setting {
	var settings []setting
	add := func(name, value string) {
		settings = append(settings, setting{"container " + aws.ToString(c.Name) + ": " + name, value})
	}
	add("image", aws.ToString(c.Image))
	add("cpu", number(c.Cpu))
	add("memory", number(aws.ToInt32(c.Memory)))
	add("memory reservation", number(aws.ToInt32(c.MemoryReservation)))
	add("essential", fmt.Sprint(c.Essential == nil || *c.Essential))
	add("command", strings.Join(c.Command, " "))
	add("entry point", strings.Join(c.EntryPoint, " "))
	add("user", aws.ToString(c.User))
	add("ports", strings.Join(mapped(c.PortMappings, portText), " "))
	if c.HealthCheck != nil {
		add("health check", healthCheckText(c.HealthCheck))
	}
	add("stop timeout", number(aws.ToInt32(c.StopTimeout)))
	if aws.ToBool(c.ReadonlyRootFilesystem) {
		add("read-only root file system", "true")
	}
	for _, s := range c.Secrets {
		add("secret "+aws.ToString(s.Name), aws.ToString(s.ValueFrom))
	}
	if l := c.LogConfiguration; l != nil {
		add("log driver", string(l.LogDriver))
		add("log group", l.Options["awslogs-group"])
	}
	return settings
}

func number(n int32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func portText(m types.PortMapping) string {
	return fmt.Sprintf("%d:%d/%s", aws.ToInt32(m.HostPort), aws.ToInt32(m.ContainerPort), cmp.Or(string(m.Protocol),
		"tcp"))
}

// compareEnvironment tells names that came, went or changed their value, and never a value.
func compareEnvironment(a, b *types.ContainerDefinition) []Difference {
	older, newer := environment(a), environment(b)
	var d []Difference
	what := func(name string) string {
		return "container " + aws.ToString(b.Name) + ": environment variable " + name
	}
	for _, name := range sortedKeys(older, newer) {
		was, had := older[name]
		is, has := newer[name]
		switch {
		case !has:
			d = append(d, Difference{What: what(name), Old: "set"})
		case !had:
			d = append(d, Difference{What: what(name), New: "set"})
		case was != is:
			d = append(d, Difference{What: what(name)})
		}
	}
	return d
}

func environment(c *types.ContainerDefinition) map[string]string {
	env := map[string]string{}
	for _, e := range c.Environment {
		env[aws.ToString(e.Name)] = aws.ToString(e.Value)
	}
	return env
}

func sortedKeys(maps ...map[string]string) []string {
	var keys []string
	for _, m := range maps {
		for k := range m {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func containerNames(definitions ...*types.TaskDefinition) []string {
	var names []string
	for _, d := range definitions {
		for _, c := range d.ContainerDefinitions {
			if !slices.Contains(names, aws.ToString(c.Name)) {
				names = append(names, aws.ToString(c.Name))
			}
		}
	}
	return names
}

func containerNamed(d *types.TaskDefinition, name string) *types.ContainerDefinition {
	for i := range d.ContainerDefinitions {
		if aws.ToString(d.ContainerDefinitions[i].Name) == name {
			return &d.ContainerDefinitions[i]
		}
	}
	return nil
}

// maxDifferences bounds how many differences a finding quotes.
const maxDifferences = 12

// differences quotes what the primary deployment changes against the last steady one.
func (s *Service) differences(ctx context.Context) ([]diag.Evidence, error) {
	older, err := s.LastSteadyTaskDefinition(ctx)
	if older == nil && err == nil {
		older, err = s.replacedDefinition(ctx)
	}
	if older == nil {
		return nil, err
	}
	newer, err := s.TaskDefinition(ctx)
	if newer == nil {
		return nil, err
	}
	return quoteDifferences(older, newer), err
}

// replacedDefinition is what ran before a deployment of the window that is through, so that ECS tells no other any
// more: what the tasks were of that it stopped, or else the revision before. Nil if the deployment is older.
func (s *Service) replacedDefinition(ctx context.Context) (*types.TaskDefinition, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(svc.Deployments, isPrimary)
	if i < 0 || !s.window.Contains(aws.ToTime(svc.Deployments[i].CreatedAt)) {
		return nil, nil
	}
	family, revision, ok := strings.Cut(primaryDefinition(svc), ":task-definition/")
	number := 0
	if ok {
		if at := strings.LastIndexByte(revision, ':'); at > 0 {
			number, _ = strconv.Atoi(revision[at+1:])
			family += ":task-definition/" + revision[:at]
		}
	}
	stopped, err := s.StoppedTasks(ctx)
	for _, t := range slices.Backward(stopped) {
		ref := aws.ToString(t.TaskDefinitionArn)
		if ref != primaryDefinition(svc) && strings.HasPrefix(ref, family+":") {
			return s.definitions.get(ctx, ref)
		}
	}
	if number < 2 || err != nil {
		return nil, err
	}
	older, err := s.definitions.get(ctx, fmt.Sprintf("%s:%d", family, number-1))
	if diag.KindOf(err) == diag.KindNotFound {
		err = nil
	}
	return older, err
}

func quoteDifferences(older, newer *types.TaskDefinition) []diag.Evidence {
	field := fmt.Sprintf("%s:%d against :%d", aws.ToString(newer.Family), newer.Revision, older.Revision)
	all := DiffTaskDefinitions(older, newer)
	var out []diag.Evidence
	for _, d := range all[:min(len(all), maxDifferences)] {
		out = append(out, evidence(sourceTaskDefinition, field, d.String()))
	}
	return out
}

// addDifferences quotes what the failing revision changes. After a rollback the primary deployment is the good one, and
// the tasks of the group are of the other.
func (g *group) addDifferences(ctx context.Context, s *Service) error {
	var found []diag.Evidence
	var err error
	if failing := g.failedRevision(); failing != "" {
		found, err = s.differencesTo(ctx, failing)
	} else {
		found, err = s.differences(ctx)
	}
	g.proof = append(g.proof, found...)
	return err
}

// failedRevision is the task definition of the latest stopped task, if its deployment failed and another is primary.
func (g *group) failedRevision() string {
	t := g.last().task
	if t == nil || aws.ToString(t.TaskDefinitionArn) == primaryDefinition(g.service) {
		return ""
	}
	for _, d := range g.service.Deployments {
		if aws.ToString(d.Id) == aws.ToString(t.StartedBy) && d.RolloutState != types.DeploymentRolloutStateFailed {
			return ""
		}
	}
	return aws.ToString(t.TaskDefinitionArn)
}

func (s *Service) differencesTo(ctx context.Context, failing string) ([]diag.Evidence, error) {
	newer, err := s.definitions.get(ctx, failing)
	older, primaryErr := s.TaskDefinition(ctx)
	if newer == nil || older == nil {
		return nil, joined(err, primaryErr)
	}
	return quoteDifferences(older, newer), joined(err, primaryErr)
}
