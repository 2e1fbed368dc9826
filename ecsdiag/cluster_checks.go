package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/words"
)

var actionsHosts = []string{"ecs:ListContainerInstances", "ecs:DescribeContainerInstances"}

// ClusterNotActive finds a cluster that is not active.
var ClusterNotActive = &diag.Check[*Cluster]{
	Info: diag.Info{
		Code: "ecs.cluster-not-active", Title: "Cluster not active",
		Doc:      "The cluster is being made or deleted, or failed to be made: it takes no tasks.",
		Severity: diag.SeverityError, Actions: []string{"ecs:DescribeClusters"}, Breaks: []diag.Mechanism{diag.Placement,
			diag.TaskCount},
		Source: "Amazon ECS API reference: Cluster.status",
	},
	Run: func(ctx context.Context, c *Cluster) ([]diag.Finding, error) {
		cluster, err := c.Describe(ctx)
		if err != nil || cluster.Status == nil || *cluster.Status == "ACTIVE" {
			return nil, err
		}
		return []diag.Finding{{
			Resource: c.resource(cluster), Summary: fmt.Sprintf("cluster %s is %s", c.name, *cluster.Status),
			Evidence: []diag.Evidence{evidence(sourceClusters, "status", *cluster.Status)},
			NextSteps: []diag.Step{{Text: "Look at the cluster.", Command: "aws ecs describe-clusters --clusters " + c.name +
				" --include ATTACHMENTS"}},
		}}, nil
	},
}

// ClusterNoInstances finds a cluster without hosts whose services want some.
var ClusterNoInstances = &diag.Check[*Cluster]{
	Info: diag.Info{
		Code: "ecs.cluster-no-instances", Title: "No host for EC2 services",
		Doc:      "Services of the launch type EC2 want tasks, and the cluster has no active container instance.",
		Severity: diag.SeverityError, Actions: append([]string{"ecs:DescribeClusters", "ecs:ListServices",
			"ecs:DescribeServices"}, actionsHosts...),
		Breaks: []diag.Mechanism{diag.Placement, diag.HostRun},
		Needs:  []diag.Mechanism{diag.HostRun, diag.NetworkPath, diag.Permission},
		Source: "Amazon ECS API reference: ListContainerInstances",
	},
	Run: func(ctx context.Context, c *Cluster) ([]diag.Finding, error) {
		instances, err := c.ContainerInstances(ctx)
		if err != nil || slices.ContainsFunc(instances, takesTasks) {
			return nil, err
		}
		cluster, err := c.Describe(ctx)
		if err != nil || onlyFargate(cluster) {
			return nil, err
		}
		services, err := c.Services(ctx) // only where there is no host is it worth asking who wants one
		want := wantHosts(ctx, services)
		if len(want) == 0 {
			return nil, err
		}
		return []diag.Finding{{
			Summary: fmt.Sprintf("cluster %s has no active container instance, but %d of its services run on EC2 (%s)", c.name,
				len(want), want[0]),
			Evidence: []diag.Evidence{evidence("ecs:ListContainerInstances", "containerInstanceArns",
				fmt.Sprintf("%d, none active", len(instances))),
				evidence(sourceServices, "services[].desiredCount", fmt.Sprintf("%d services on EC2 want tasks", len(want)))},
			NextSteps: []diag.Step{{Text: "List the container instances of any status.",
				Command: "aws ecs list-container-instances --cluster " + c.name},
				{Text: "Look at the Auto Scaling group behind the cluster.", Command: "aws autoscaling " +
					"describe-auto-scaling-groups --query " +
					"'AutoScalingGroups[].[AutoScalingGroupName,DesiredCapacity,Instances[].LifecycleState]'"}},
		}}, err
	},
}

func takesTasks(i types.ContainerInstance) bool { return i.Status == nil || *i.Status == "ACTIVE" }

// wantHosts returns the names of services that run on EC2 and want tasks.
func wantHosts(ctx context.Context, services []*Service) []string {
	var want []string
	for _, s := range services {
		if svc, err := s.Describe(ctx); err == nil && onEC2(svc) && svc.DesiredCount > 0 {
			want = append(want, s.name)
		}
	}
	return want
}

// onlyFargate reports a cluster all services of which run on Fargate, by its statistics ("Cluster.statistics" in the
// Amazon ECS API reference).
func onlyFargate(cluster *types.Cluster) bool {
	for _, s := range cluster.Statistics {
		if aws.ToString(s.Name) == "activeFargateServiceCount" {
			return aws.ToString(s.Value) == fmt.Sprint(cluster.ActiveServicesCount)
		}
	}
	return false
}

// hostFault is one row of the table of checks on each container instance of a cluster.
type hostFault struct {
	code     diag.Code
	title    string
	doc      string
	severity diag.Severity
	breaks   []diag.Mechanism
	needs    []diag.Mechanism
	find     func(types.ContainerInstance) (what string, e []diag.Evidence)
}

var hostFaults = []hostFault{
	{
		code:  "ecs.agent-disconnected",
		title: "Container agent disconnected",
		doc: "The agent of a container instance is not connected to ECS: the instance starts no tasks and does not tell " +
			"what those on it do. Either its host does not run, or the agent does not reach ECS.",
		severity: diag.SeverityWarning,
		breaks:   []diag.Mechanism{diag.AgentConnect},
		needs:    []diag.Mechanism{diag.HostRun, diag.NetworkPath, diag.NameResolution, diag.Permission},
		find:     disconnected,
	},
	{
		code:  "ecs.instance-impaired",
		title: "Container instance impaired",
		doc: "A health check that ECS makes on the container instance is IMPAIRED: container runtime, accelerators, " +
			"daemons or agent.",
		severity: diag.SeverityWarning,
		breaks:   []diag.Mechanism{diag.HostRun},
		needs:    []diag.Mechanism{diag.HostRun},
		find:     impaired,
	},
	{
		code:     "ecs.instance-draining",
		title:    "Container instance draining",
		doc:      "The container instance takes no new tasks and gives up those it has.",
		severity: diag.SeverityInfo,
		breaks:   []diag.Mechanism{diag.Placement},
		find:     draining,
	},
}

func (x hostFault) check() *diag.Check[*Cluster] {
	return &diag.Check[*Cluster]{
		Info: diag.Info{Code: x.code, Title: x.title, Doc: x.doc, Severity: x.severity, Breaks: x.breaks, Needs: x.needs,
			Actions: actionsHosts, Source: "Amazon ECS API reference: ContainerInstance"},
		Run: func(ctx context.Context, c *Cluster) ([]diag.Finding, error) {
			instances, err := c.ContainerInstances(ctx)
			var findings []diag.Finding
			for _, i := range instances {
				if what, proof := x.find(i); what != "" {
					findings = append(findings, c.hostFinding(i, what, proof))
				}
			}
			return findings, err
		},
	}
}

func (c *Cluster) hostFinding(i types.ContainerInstance, what string, proof []diag.Evidence) diag.Finding {
	arn := aws.ToString(i.ContainerInstanceArn)
	own := diag.ResourceOf(typeContainerInstance, shortName(arn), arn)
	host := hostResource(own, i)
	f := diag.Finding{
		Resource: host, Evidence: proof,
		Summary: fmt.Sprintf("%s of cluster %s: %s, %s on it", host.ID, c.name, what,
			words.Count(int(i.RunningTasksCount), "task")),
		Related: []diag.Related{{Resource: own, Role: "container instance"}, {Resource: clusterResource(c.name, ""),
			Role: "cluster"}},
		NextSteps: []diag.Step{{Text: "Look at the container instance.", Command: fmt.Sprintf("aws ecs "+
			"describe-container-instances --cluster %s --container-instances %s --include CONTAINER_INSTANCE_HEALTH", c.name,
			own.ID)}},
	}
	for _, e := range proof {
		if f.Since.IsZero() {
			f.Since = e.At
		}
	}
	return f
}

func disconnected(i types.ContainerInstance) (string, []diag.Evidence) {
	if i.AgentConnected || (i.Status != nil && *i.Status != "ACTIVE" && *i.Status != "DRAINING") {
		return "", nil
	}
	proof := []diag.Evidence{evidence(sourceInstances, "agentConnected", "false")}
	if h := i.HealthStatus; h != nil {
		for _, d := range h.Details {
			if d.Type == types.InstanceHealthCheckTypeAgentConnectivity && d.Status == types.InstanceHealthCheckStateImpaired {
				proof = append(proof, evidenceAt(sourceInstances, "healthStatus.details[AGENT_CONNECTIVITY]", string(d.Status),
					aws.ToTime(d.LastStatusChange)))
			}
		}
	}
	return "its container agent is disconnected", proof
}

// healthChecks name what each type of instance health check looks at.
var healthChecks = map[types.InstanceHealthCheckType]string{
	types.InstanceHealthCheckTypeContainerRuntime:   "container runtime",
	types.InstanceHealthCheckTypeAcceleratedCompute: "accelerator",
	types.InstanceHealthCheckTypeDaemon:             "daemon",
	types.InstanceHealthCheckTypeAgentConnectivity:  "agent connection",
}

func impaired(i types.ContainerInstance) (string, []diag.Evidence) {
	if i.HealthStatus == nil {
		return "", nil
	}
	what, proof := "", []diag.Evidence(nil)
	for _, d := range i.HealthStatus.Details {
		if d.Status == types.InstanceHealthCheckStateImpaired && d.Type != types.InstanceHealthCheckTypeAgentConnectivity {
			what = "its " + cmp.Or(healthChecks[d.Type], string(d.Type)) + " is impaired"
			proof = append(proof, evidenceAt(sourceInstances, "healthStatus.details["+string(d.Type)+"]",
				string(d.Status)+" "+aws.ToString(d.StatusReason), aws.ToTime(d.LastStatusChange)))
		}
	}
	return what, proof
}

func draining(i types.ContainerInstance) (string, []diag.Evidence) {
	switch status := aws.ToString(i.Status); status {
	case "DRAINING", "DEREGISTERING", "REGISTRATION_FAILED":
		return "it is " + status, []diag.Evidence{evidence(sourceInstances, "status",
			status+" "+aws.ToString(i.StatusReason))}
	}
	return "", nil
}
