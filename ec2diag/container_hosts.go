package ec2diag

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
)

// ContainerHosts are the instances that run and are set up to join an ECS cluster, whether or not they joined one.
type ContainerHosts struct {
	api     ContainerHostAPI
	cluster diag.Resource
	window  diag.Window
	joined  func(context.Context) ([]string, error)
	known   func(context.Context) ([]string, error)
	hosts   diag.Memo[[]ContainerHost]
}

var _ diag.Subject = (*ContainerHosts)(nil)

// ContainerHost is an instance that is not registered in the cluster that was asked for.
type ContainerHost struct {
	ID, Group  string // Group is its Auto Scaling group, "" for none
	LaunchedAt time.Time
	// Cluster is what its user data says to join, "" where that says nothing.
	Cluster string
	// Managed tells that ECS scales its group, so that it is a container instance whatever its user data says.
	Managed bool
}

// NewContainerHosts makes the hosts of a cluster. joined are the instances that are registered in it, and known the
// names of all clusters of the account: EC2 knows neither.
func NewContainerHosts(api ContainerHostAPI, cluster diag.Resource, window diag.Window,
	joined, known func(context.Context) ([]string, error),
) *ContainerHosts {
	return &ContainerHosts{api: api, cluster: cluster, window: window, joined: joined, known: known}
}

// Resource names the cluster.
func (h *ContainerHosts) Resource() diag.Resource { return h.cluster }

const (
	tagScalingGroup = "aws:autoscaling:groupName"
	tagECSManaged   = "AmazonECSManaged"
	// maxUserData bounds the groups of instances whose user data is read. Instances of one group share theirs.
	maxUserData = 8
)

// Strays returns the running instances that are set up as container instances and are not registered in the cluster, by
// id. Those of a group share their user data, which is read once for each group. What was read is returned even with an
// error.
func (h *ContainerHosts) Strays(ctx context.Context) ([]ContainerHost, error) {
	return h.hosts.Get(ctx, func(ctx context.Context) ([]ContainerHost, error) {
		joined, err := h.joined(ctx)
		if err != nil {
			return nil, err
		}
		list, err := Instances(ctx, h.api, h.window)
		var strays []ContainerHost
		told := map[string]string{}
		for _, i := range list {
			d, describeErr := i.Describe(ctx)
			if describeErr != nil || slices.Contains(joined, i.id) || !running(d) {
				continue
			}
			host := hostOf(d)
			key := cmp.Or(host.Group, host.ID)
			cluster, ok := told[key]
			if !ok && host.Group == "" || !ok && len(told) == maxUserData {
				continue
			}
			if !ok {
				var dataErr error
				cluster, dataErr = h.userData(ctx, host.ID)
				if dataErr != nil {
					err = cmp.Or(err, dataErr)
					continue
				}
				told[key] = cluster
			}
			if host.Cluster = cluster; cluster != "" || host.Managed {
				strays = append(strays, host)
			}
		}
		slices.SortFunc(strays, func(a, b ContainerHost) int { return cmp.Compare(a.ID, b.ID) })
		return strays, err
	})
}

func running(i types.Instance) bool {
	return i.State != nil && i.State.Name == types.InstanceStateNameRunning
}

func hostOf(i types.Instance) ContainerHost {
	host := ContainerHost{ID: aws.ToString(i.InstanceId), LaunchedAt: aws.ToTime(i.LaunchTime)}
	for _, tag := range i.Tags {
		switch aws.ToString(tag.Key) {
		case tagScalingGroup:
			host.Group = aws.ToString(tag.Value)
		case tagECSManaged:
			host.Managed = true
		}
	}
	return host
}

var (
	// agentCluster is the agent's variable ("Amazon ECS container agent configuration", ECS_CLUSTER). The last one counts.
	agentCluster = regexp.MustCompile(`(?m)^[^#\n]*\bECS_CLUSTER=["']?([\w/:.-]+)`)
	// rocketCluster is Bottlerocket's setting ("Bottlerocket API settings", settings.ecs.cluster).
	rocketCluster = regexp.MustCompile(`(?s)\[settings\.ecs\][^\[]*?\bcluster\s*=\s*"([^"]+)"`)
)

// userData reads which cluster an instance is to join. What else its user data says, which may be secret, is not kept.
func (h *ContainerHosts) userData(ctx context.Context, id string) (string, error) {
	out, err := h.api.DescribeInstanceAttribute(ctx, &ec2.DescribeInstanceAttributeInput{InstanceId: &id,
		Attribute: types.InstanceAttributeNameUserData})
	if err != nil {
		return "", fmt.Errorf("reading the user data of instance %s: %w", id, err)
	}
	if out.UserData == nil {
		return "", nil
	}
	text, _ := base64.StdEncoding.DecodeString(aws.ToString(out.UserData.Value)) // compressed data names no cluster
	return clusterIn(string(text)), nil
}

// clusterIn finds the name of the cluster in user data.
func clusterIn(text string) string {
	all := agentCluster.FindAllStringSubmatch(text, -1)
	name := ""
	if len(all) > 0 {
		name = all[len(all)-1][1]
	} else if m := rocketCluster.FindStringSubmatch(text); m != nil {
		name = m[1]
	}
	return name[strings.LastIndexByte(name, '/')+1:]
}
