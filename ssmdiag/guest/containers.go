package guest

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// Container is a row of docker ps.
type Container struct {
	ID, Image, Name string
	// Status is as printed: "Up 3 hours (healthy)", "Exited (137) 2 minutes ago", "Restarting (1) 5 seconds ago".
	Status string
}

// Engine is the state of the container engine of a host, and of the ECS agent on it.
type Engine struct {
	// Containers are all that the engine knows, those that ended too.
	Containers []Container
	// Units are the states of the services docker and ecs that exist on the host: "active", "failed", "inactive".
	Units map[string]string
	// Refused is what the engine's client said where it does not reach the engine.
	Refused string
	// Cluster, ContainerInstance and AgentVersion are what the ECS agent says of itself; empty where it does not answer.
	Cluster, ContainerInstance, AgentVersion string
}

var (
	engineRefused = regexp.MustCompile(`(?i)cannot connect to the docker daemon|is the docker daemon running|` +
		`error during connect|failed to connect to the docker api`)
	columnGap = regexp.MustCompile(`\s{2,}`)
	unitState = regexp.MustCompile(`^(Id|LoadState|ActiveState)=(.*)$`)
)

// ParseEngine reads the output of [Containers]: docker ps, systemctl show of docker and ecs, and the agent's
// introspection ("Amazon ECS container introspection"). A host without an engine is understood too.
func ParseEngine(text string) (Engine, bool) {
	e := Engine{Units: map[string]string{}}
	var header []string
	unit, loaded, known := "", false, false
	for _, line := range lines(text) {
		trimmed := strings.TrimSpace(line)
		switch m := unitState.FindStringSubmatch(trimmed); {
		case m != nil && m[1] == "Id":
			unit, loaded, known = strings.TrimSuffix(m[2], ".service"), false, true
		case m != nil && m[1] == "LoadState":
			loaded = m[2] == "loaded"
		case m != nil && unit != "" && loaded:
			e.Units[unit] = m[2]
		case m != nil:
		case engineRefused.MatchString(trimmed):
			e.Refused, known = trimmed, true
		case strings.HasPrefix(trimmed, "{"):
			known = e.agent(trimmed) || known
		case strings.HasPrefix(trimmed, "CONTAINER ID"):
			header, known = columnGap.Split(trimmed, -1), true
		case strings.Contains(trimmed, "docker: not found"), strings.Contains(trimmed, "docker: command not found"):
			known = true
		case engineStatus.MatchString(trimmed):
			m := engineStatus.FindStringSubmatch(trimmed)
			e.Containers, known = append(e.Containers, Container{Name: m[1], Status: m[2]}), true
		case header != nil:
			e.container(header, columnGap.Split(trimmed, -1))
		}
	}
	return e, known
}

// agent reads the answer of the agent's introspection.
func (e *Engine) agent(text string) bool {
	var said struct {
		Cluster, Version     string
		ContainerInstanceArn *string
	}
	if err := json.Unmarshal([]byte(text), &said); err != nil || said.Version == "" && said.Cluster == "" {
		return false
	}
	e.Cluster, e.AgentVersion = said.Cluster, said.Version
	if said.ContainerInstanceArn != nil {
		e.ContainerInstance = *said.ContainerInstanceArn
	}
	return true
}

// container reads a row. A container without ports has one cell less; its name is the last.
func (e *Engine) container(header, cells []string) {
	if len(cells) < len(header)-1 || len(cells) > len(header) {
		return
	}
	c := Container{ID: cells[0], Image: cells[1], Name: cells[len(cells)-1]}
	for i, name := range header {
		if name == "STATUS" && i < len(cells) {
			c.Status = cells[i]
		}
	}
	e.Containers = append(e.Containers, c)
}

// Engine returns the state of the container engine and of the ECS agent.
func (g *Guest) Engine(ctx context.Context) (Engine, error) {
	return fact(ctx, g, Containers, ParseEngine)
}

// engineRule is what the checks of the engine differ in.
type engineRule struct {
	code       diag.Code
	title, doc string
	severity   diag.Severity
	breaks     []diag.Mechanism
	wrong      func(Engine) (summary string, evidence []string)
}

// The checks of the container engine. They are silent on hosts without one.
var (
	// EngineDown reports a container engine that does not run.
	EngineDown = engineRule{"guest.container-engine-down", "Container engine does not run",
		"Docker is installed on the host and does not run, or its client does not reach it: no container runs or starts.",
		diag.SeverityError, []diag.Mechanism{diag.TaskRun, diag.AgentConnect}, func(e Engine) (string, []string) {
			state, installed := e.Units["docker"]
			if e.Refused == "" && (!installed || state == "active" || state == "activating") {
				return "", nil
			}
			return "the container engine does not run", nonEmpty("docker.service is "+state, e.Refused)
		}}.check()
	// ECSAgentDown reports an ECS agent that does not run.
	ECSAgentDown = engineRule{"guest.ecs-agent-down", "ECS agent does not run",
		"The service ecs is installed on the host and has stopped or failed: ECS places no tasks here, and tasks that run " +
			"are not watched.",
		diag.SeverityError, []diag.Mechanism{diag.AgentConnect}, func(e Engine) (string, []string) {
			if state, installed := e.Units["ecs"]; installed && (state == "failed" || state == "inactive") &&
				e.AgentVersion == "" {
				return "the ECS agent does not run (ecs.service is " + state + ")", []string{"ecs.service is " + state}
			}
			return "", nil
		}}.check()
	// ECSAgentUnregistered reports an ECS agent that is not registered with a cluster.
	ECSAgentUnregistered = engineRule{"guest.ecs-agent-unregistered", "ECS agent is not registered",
		"The ECS agent answers on the host, and says that it has no container instance: it has not registered with its cluster.",
		diag.SeverityWarning, []diag.Mechanism{diag.AgentConnect}, func(e Engine) (string, []string) {
			if e.AgentVersion == "" || e.ContainerInstance != "" {
				return "", nil
			}
			return fmt.Sprintf("the ECS agent %s is not registered with cluster %q", e.AgentVersion, e.Cluster),
				[]string{"ContainerInstanceArn is empty, Cluster is " + e.Cluster}
		}}.check()
	// ContainersFailing reports containers that restart again and again or are unhealthy.
	ContainersFailing = engineRule{"guest.container-failing", "Container restarts or is unhealthy",
		"The engine of the host restarts a container again and again, or its health check fails.",
		diag.SeverityWarning, []diag.Mechanism{diag.Application}, func(e Engine) (string, []string) {
			var names, rows []string
			for _, c := range e.Containers {
				if strings.HasPrefix(c.Status, "Restarting") || strings.Contains(c.Status, "(unhealthy)") || c.Status == "Dead" {
					names, rows = append(names, c.Name), append(rows, c.Name+" "+c.Image+" "+c.Status)
				}
			}
			if len(names) == 0 {
				return "", nil
			}
			return "containers restart or are unhealthy: " + strings.Join(names, ", "), rows
		}}.check()
)

func nonEmpty(texts ...string) []string {
	var all []string
	for _, t := range texts {
		if t != "" && !strings.HasSuffix(t, " is ") {
			all = append(all, t)
		}
	}
	return all
}

func (r engineRule) check() *diag.Check[*Guest] {
	return &diag.Check[*Guest]{
		Info: diag.Info{Code: r.code, Title: r.title, Doc: r.doc, Severity: r.severity, Actions: actions, Breaks: r.breaks,
			Source: "docker-ps(1), systemctl(1); Amazon ECS developer guide, Amazon ECS container introspection"},
		Run: func(ctx context.Context, g *Guest) ([]diag.Finding, error) {
			e, err := g.Engine(ctx)
			wrong, rows := r.wrong(e)
			if wrong == "" {
				return nil, err
			}
			f := diag.Finding{Summary: "on " + g.id + ", " + wrong}
			for _, row := range rows {
				f.Evidence = append(f.Evidence, g.evidence(Containers, row))
			}
			return []diag.Finding{f}, err
		},
	}
}
