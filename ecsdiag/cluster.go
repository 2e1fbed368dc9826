package ecsdiag

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Cluster is an ECS cluster and its facts. Make one with [NewCluster] or [Directory.Cluster].
type Cluster struct {
	api       ClusterAPI
	name      string
	window    diag.Window
	described diag.Memo[*types.Cluster]
	hosts     *hosts
	services  func(context.Context) ([]*Service, error)
	tasks     *tasks
	// definitions are shared with the cluster's services.
	definitions *definitions
}

var _ diag.Subject = (*Cluster)(nil)

// NewCluster makes a cluster from its name or ARN. The window's End is "now". Its services share its facts: their tasks
// are listed for the whole cluster at once, their container instances and task definitions fetched once. The options
// are those of its services.
func NewCluster(api ClusterAPI, name string, window diag.Window, options ...ServiceOption) *Cluster {
	name = shortName(name)
	c := &Cluster{api: api, name: name, window: window, hosts: &hosts{api: api, cluster: name},
		tasks: &tasks{api: api, cluster: name}, definitions: &definitions{api: api}}
	roster := &roster{api: api, cluster: name, shared: shared{api: api, window: window, hosts: c.hosts,
		definitions: c.definitions, tasks: c.tasks, options: options}}
	c.services = roster.get
	return c
}

// Resource names the cluster; the ARN is known once it was described.
func (c *Cluster) Resource() diag.Resource { return diag.Resource{Type: typeCluster, ID: c.name} }

// Window returns what the cluster looks back on.
func (c *Cluster) Window() diag.Window { return c.window }

// Name returns the cluster's name.
func (c *Cluster) Name() string { return c.name }

// Describe returns what DescribeClusters says of the cluster, with its statistics, settings and
// configuration of ECS Exec. One that does not exist is an error
// of [diag.KindNotFound].
func (c *Cluster) Describe(ctx context.Context) (*types.Cluster, error) {
	return c.described.Get(ctx, func(ctx context.Context) (*types.Cluster, error) {
		out, err := c.api.DescribeClusters(ctx, &ecs.DescribeClustersInput{
			Clusters: []string{c.name},
			Include: []types.ClusterField{types.ClusterFieldAttachments, types.ClusterFieldConfigurations,
				types.ClusterFieldSettings, types.ClusterFieldStatistics},
		})
		switch {
		case err != nil:
			return nil, fmt.Errorf("describing cluster %s: %w", c.name, err)
		case len(out.Clusters) == 0:
			return nil, diag.Errorf(diag.KindNotFound, "describing cluster %s: there is none of that name", c.name)
		}
		return &out.Clusters[0], nil
	})
}

// Services returns the cluster's services, born described, by name. Beyond a cap of 2,000 it returns the first ones and
// an error of [diag.KindIncomplete].
func (c *Cluster) Services(ctx context.Context) ([]*Service, error) { return c.services(ctx) }

// ContainerInstances returns the cluster's container instances with their health and what they have left.
func (c *Cluster) ContainerInstances(ctx context.Context) ([]types.ContainerInstance, error) {
	return c.hosts.get(ctx)
}

func (c *Cluster) resource(cluster *types.Cluster) diag.Resource {
	return clusterResource(c.name, aws.ToString(cluster.ClusterArn))
}
