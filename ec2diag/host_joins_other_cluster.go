package ec2diag

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// ContainerHostChecks returns all checks of [ContainerHosts].
func ContainerHostChecks() []*diag.Check[*ContainerHosts] {
	return []*diag.Check[*ContainerHosts]{HostJoinsOtherCluster}
}

// HostJoinsOtherCluster reports hosts whose user data names a cluster that does not exist, or none: they were meant for
// the cluster that lacks them.
var HostJoinsOtherCluster = &diag.Check[*ContainerHosts]{
	Info: diag.Info{
		Code: "ec2.host-joins-other-cluster", Title: "Host joins another cluster",
		Doc: "Instances run that are set up as ECS container instances and are not registered in the cluster, because their user " +
			"data sets ECS_CLUSTER to a name that no cluster has, or sets none: the agent then joins the cluster \"default\".",
		Severity: diag.SeverityError, Confidence: diag.Likely,
		Actions: []string{"ec2:DescribeInstances", "ec2:DescribeInstanceAttribute"},
		Breaks:  []diag.Mechanism{diag.HostRun},
		Limits: "Reads the user data of instances of Auto Scaling groups only, and no configuration that lies elsewhere, such as " +
			"in an image. A host that joins another existing cluster is taken for one of that.",
		Source: "Amazon ECS developer guide, Bootstrapping Amazon ECS Linux container instances to pass data",
	},
	Run: func(ctx context.Context, h *ContainerHosts) ([]diag.Finding, error) {
		strays, err := h.Strays(ctx)
		if len(strays) == 0 {
			return nil, err
		}
		known, knownErr := h.known(ctx)
		if knownErr != nil {
			return nil, cmp.Or(err, knownErr)
		}
		var findings []diag.Finding
		for _, group := range lost(strays, known) {
			findings = append(findings, h.finding(group))
		}
		return findings, err
	},
}

// lost are the hosts that name no cluster that exists, those of one group together.
func lost(strays []ContainerHost, known []string) [][]ContainerHost {
	var groups [][]ContainerHost
	for _, s := range strays {
		if slices.Contains(known, s.Cluster) {
			continue
		}
		i := slices.IndexFunc(groups, func(g []ContainerHost) bool {
			return g[0].Group == s.Group &&
				g[0].Cluster == s.Cluster
		})
		if i < 0 {
			groups = append(groups, nil)
			i = len(groups) - 1
		}
		groups[i] = append(groups[i], s)
	}
	return groups
}

func (h *ContainerHosts) finding(hosts []ContainerHost) diag.Finding {
	first := slices.MinFunc(hosts, func(a, b ContainerHost) int { return a.LaunchedAt.Compare(b.LaunchedAt) })
	what := fmt.Sprintf("whose user data sets ECS_CLUSTER to %s, a cluster that does not exist", first.Cluster)
	if first.Cluster == "" {
		what = "whose user data sets no ECS_CLUSTER, so that they join the cluster default"
	}
	f := diag.Finding{Since: first.LaunchedAt,
		Summary: fmt.Sprintf("%d running instances of Auto Scaling group %s are not registered in cluster %s: hosts %s",
			len(hosts),
			first.Group, h.cluster.ID, what),
		NextSteps: []diag.Step{
			{Text: "Set ECS_CLUSTER=" + h.cluster.ID + " in the user data of the launch template, and replace the instances.",
				Changes: true,
				Doc:     "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bootstrap_container_instance.html"},
			{Text: "Read the user data of one of them.",
				Command: "aws ec2 describe-instance-attribute --attribute userData --instance-id " +
					first.ID},
		},
	}
	for _, host := range hosts[:min(len(hosts), maxUserData)] {
		f.Evidence = append(f.Evidence, diag.Evidence{Source: "ec2:DescribeInstanceAttribute", Field: host.ID + ".UserData",
			Value: "ECS_CLUSTER=" + host.Cluster, At: host.LaunchedAt})
		f.Related = append(f.Related, diag.Related{Resource: resource(typeInstance, host.ID), Role: "host"})
	}
	return f
}
