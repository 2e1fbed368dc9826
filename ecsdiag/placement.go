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

// need is what a task asks of a container instance.
type need struct {
	cpu, memory int // CPU units and MiB
	gpus        int
	ports       []string // fixed host ports: "9102/tcp"
}

// needOf adds up a task definition as the scheduler does: the task's own size where it has one, else the sum over its
// containers, of which each counts with its memory reservation or else its limit ("Amazon ECS task definition
// parameters").
func needOf(td *types.TaskDefinition) need {
	var n need
	for _, c := range td.ContainerDefinitions {
		n.cpu += int(c.Cpu)
		n.memory += int(or(c.MemoryReservation, aws.ToInt32(c.Memory)))
		for _, r := range c.ResourceRequirements {
			if r.Type == types.ResourceTypeGpu {
				count, _ := strconv.Atoi(aws.ToString(r.Value))
				n.gpus += count
			}
		}
		n.ports = append(n.ports, hostPorts(td.NetworkMode, c.PortMappings)...)
	}
	if v, err := strconv.Atoi(aws.ToString(td.Cpu)); err == nil {
		n.cpu = v
	}
	if v, err := strconv.Atoi(aws.ToString(td.Memory)); err == nil {
		n.memory = v
	}
	slices.Sort(n.ports)
	n.ports = slices.Compact(n.ports)
	return n
}

// hostPorts are the ports of the host that a task takes for itself: those fixed in bridge mode, and all of them in host
// mode. Tasks in awsvpc mode have addresses of their own.
func hostPorts(mode types.NetworkMode, mappings []types.PortMapping) []string {
	var ports []string
	for _, m := range mappings {
		port := aws.ToInt32(m.HostPort)
		if mode == types.NetworkModeHost && port == 0 {
			port = aws.ToInt32(m.ContainerPort)
		}
		if mode == types.NetworkModeAwsvpc || mode == types.NetworkModeNone || port == 0 {
			continue
		}
		ports = append(ports, fmt.Sprintf("%d/%s", port, cmp.Or(string(m.Protocol), "tcp")))
	}
	return ports
}

// left is what a container instance has left.
type left struct {
	cpu, memory int
	gpus        int
	taken       []string // ports in the form of need
}

func leftOn(i types.ContainerInstance) left {
	var l left
	for _, r := range i.RemainingResources {
		switch aws.ToString(r.Name) {
		case "CPU":
			l.cpu = int(r.IntegerValue)
		case "MEMORY":
			l.memory = int(r.IntegerValue)
		case "GPU":
			l.gpus = len(r.StringSetValue)
		case "PORTS":
			l.taken = append(l.taken, mapped(r.StringSetValue, func(p string) string { return p + "/tcp" })...)
		case "PORTS_UDP":
			l.taken = append(l.taken, mapped(r.StringSetValue, func(p string) string { return p + "/udp" })...)
		}
	}
	return l
}

// lacks lists why a task does not fit on an instance, each in a few words.
func (n need) lacks(i types.ContainerInstance) []string {
	var reasons []string
	l := leftOn(i)
	if status := aws.ToString(i.Status); status != "" && status != "ACTIVE" {
		reasons = append(reasons, "is "+status)
	}
	if !i.AgentConnected {
		reasons = append(reasons, "agent not connected")
	}
	if l.memory < n.memory {
		reasons = append(reasons, fmt.Sprintf("%d of %d MiB memory left", l.memory, n.memory))
	}
	if l.cpu < n.cpu {
		reasons = append(reasons, fmt.Sprintf("%d of %d CPU units left", l.cpu, n.cpu))
	}
	if l.gpus < n.gpus {
		reasons = append(reasons, fmt.Sprintf("%d of %d GPUs left", l.gpus, n.gpus))
	}
	for _, p := range n.ports {
		if slices.Contains(l.taken, p) {
			reasons = append(reasons, "host port "+strings.TrimSuffix(p, "/tcp")+" in use")
		}
	}
	return reasons
}

// maxInstances bounds how many container instances a finding tells of.
const maxInstances = 10

// addPlacement tells what a task needs and why it does not fit on each container instance.
func addPlacement(ctx context.Context, s *Service, g *group) error {
	td, err := s.TaskDefinition(ctx)
	instances, hostsErr := s.ContainerInstances(ctx)
	err = joined(err, hostsErr)
	if td == nil {
		return err
	}
	n := needOf(td)
	g.proof = append(g.proof, evidence(sourceTaskDefinition, afterSlash(aws.ToString(td.TaskDefinitionArn)),
		"a task needs "+n.String()))
	home := s.resource(g.service)
	attributes := g.attributes(td)
	for _, i := range instances[:min(len(instances), maxInstances)] {
		id := shortName(aws.ToString(i.ContainerInstanceArn))
		lacks := n.lacks(i)
		for _, a := range attributes {
			if m := a.missingOn(i); m != "" {
				lacks = append(lacks, m)
			}
		}
		reason := cmp.Or(strings.Join(lacks, ", "), "has room now")
		g.proof = append(g.proof, evidence(sourceInstances, "containerInstances["+id+"]", reason))
		g.also = append(g.also, diag.Related{Resource: hostResource(home, i), Role: "container instance"})
	}
	g.tail = cmp.Or(n.tail(instances), attributesTail(attributes, instances))
	g.proof = append(g.proof, percentEvidence(g.service)...)
	return joined(err, g.addDifferences(ctx, s))
}

// String tells the need in one line.
func (n need) String() string {
	text := fmt.Sprintf("%d MiB memory and %d CPU units", n.memory, n.cpu)
	if n.gpus > 0 {
		text += fmt.Sprintf(" and %d GPUs", n.gpus)
	}
	if len(n.ports) > 0 {
		text += " and host port " + strings.ReplaceAll(strings.Join(n.ports, ", "), "/tcp", "")
	}
	return text
}

// tail completes the summary with the numbers that decide.
func (n need) tail(instances []types.ContainerInstance) string {
	if len(instances) == 0 {
		return ""
	}
	var most left
	taken := map[string]int{}
	for _, i := range instances {
		l := leftOn(i)
		most.cpu, most.memory = max(most.cpu, l.cpu), max(most.memory, l.memory)
		for _, p := range n.ports {
			if slices.Contains(l.taken, p) {
				taken[p]++
			}
		}
	}
	var facts []string
	for _, p := range n.ports {
		if taken[p] > 0 {
			facts = append(facts, fmt.Sprintf("host port %s is in use on %d of %d instances", strings.TrimSuffix(p, "/tcp"),
				taken[p], len(instances)))
		}
	}
	if most.memory < n.memory {
		facts = append(facts, fmt.Sprintf("a task needs %d MiB, at most %d MiB are left on any of %d instances", n.memory,
			most.memory, len(instances)))
	}
	if most.cpu < n.cpu {
		facts = append(facts, fmt.Sprintf("a task needs %d CPU units, at most %d are left on any of %d instances", n.cpu,
			most.cpu, len(instances)))
	}
	if len(facts) == 0 {
		return ""
	}
	return " (" + strings.Join(facts, "; ") + ")"
}

// percentEvidence tells that old tasks may not stop before new ones run.
func percentEvidence(svc *types.Service) []diag.Evidence {
	c := svc.DeploymentConfiguration
	if c == nil || aws.ToInt32(c.MinimumHealthyPercent) < 100 || !unfinished(svc) {
		return nil
	}
	return []diag.Evidence{evidence(sourceServices, "deploymentConfiguration.minimumHealthyPercent",
		fmt.Sprintf("%d: no old task may stop before a new one runs", *c.MinimumHealthyPercent))}
}

// hostResource names a container instance by its EC2 instance, or by itself if it is none of EC2.
func hostResource(home diag.Resource, i types.ContainerInstance) diag.Resource {
	if id := aws.ToString(i.Ec2InstanceId); id != "" {
		return beside(home, typeInstance, id)
	}
	arn := aws.ToString(i.ContainerInstanceArn)
	return diag.ResourceOf(typeContainerInstance, shortName(arn), arn)
}
