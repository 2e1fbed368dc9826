package ec2diag_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// host makes a running instance of an Auto Scaling group, "" for none.
func host(c *ec2fake.Client, id, group, userData string, tags ...string) {
	i := types.Instance{InstanceId: aws.String(id), LaunchTime: aws.Time(now.Add(-20 * time.Minute)),
		State: &types.InstanceState{Name: types.InstanceStateNameRunning}}
	if group != "" {
		i.Tags = append(i.Tags, types.Tag{Key: aws.String("aws:autoscaling:groupName"), Value: &group})
	}
	for _, t := range tags {
		i.Tags = append(i.Tags, types.Tag{Key: aws.String(t)})
	}
	c.Instances = append(c.Instances, i)
	if c.UserData == nil {
		c.UserData = map[string]string{}
	}
	c.UserData[id] = userData
}

func hostsWorld(change func(*ec2fake.Client)) diagtest.World[*ec2diag.ContainerHosts] {
	return func() (*ec2diag.ContainerHosts, []diagfake.Fake) {
		c := edit(change)
		give := func(names ...string) func(context.Context) ([]string, error) {
			return func(context.Context) ([]string, error) { return names, nil }
		}
		return ec2diag.NewContainerHosts(c, diag.Resource{Type: "AWS::ECS::Cluster", ID: "prod"}, window, give("i-0joined"),
			give("prod", "staging")), []diagfake.Fake{c}
	}
}

func TestContainerHostsConform(t *testing.T) {
	for _, check := range ec2diag.ContainerHostChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.ContainerHosts]{
			Healthy: hostsWorld(func(c *ec2fake.Client) { host(c, "i-0joined", "workers", "echo ECS_CLUSTER=nowhere") }),
			Broken:  hostsWorld(func(c *ec2fake.Client) { host(c, "i-0lost", "workers", "echo ECS_CLUSTER=nowhere") }),
		})
		require.NoError(t, diag.Validate(check.Info))
	}
	diagtest.ReadOnly[ec2diag.ContainerHostAPI](t)
}

// TestHostJoinsOtherCluster lets those alone that belong elsewhere.
func TestHostJoinsOtherCluster(t *testing.T) {
	const managed = "AmazonECSManaged"
	tests := []struct {
		name  string
		world func(*ec2fake.Client)
		want  []string
	}{
		{"of another cluster",
			func(c *ec2fake.Client) { host(c, "i-1", "stage", "echo ECS_CLUSTER=staging >> /etc/ecs/ecs.config") }, nil},
		{"on its way", func(c *ec2fake.Client) { host(c, "i-1", "workers", "echo ECS_CLUSTER=prod >> /etc/ecs/ecs.config") },
			nil},
		{"no host of ECS", func(c *ec2fake.Client) { host(c, "i-1", "web", "#!/bin/bash\nyum install -y httpd") }, nil},
		{"of no group", func(c *ec2fake.Client) { host(c, "i-1", "", "ECS_CLUSTER=nowhere") }, nil},
		{"commented out", func(c *ec2fake.Client) { host(c, "i-1", "web", "# ECS_CLUSTER=nowhere") }, nil},
		{"a name that no cluster has", func(c *ec2fake.Client) {
			host(c, "i-1", "workers", "cat <<EOF >> /etc/ecs/ecs.config\nECS_CLUSTER=\"Prod-2\"\nEOF")
			host(c, "i-2", "workers", "never read")
		},
			[]string{"2 running instances of Auto Scaling group workers are not registered in cluster prod: hosts whose user data sets " +
				"ECS_CLUSTER to Prod-2, a cluster that does not exist"}},
		{"Bottlerocket", func(c *ec2fake.Client) {
			host(c, "i-1", "workers",
				"[settings.host-containers.admin]\nenabled = true\n[settings.ecs]\nloglevel = \"info\"\ncluster = \"prd\"")
		},
			[]string{"1 running instances of Auto Scaling group workers are not registered in cluster prod: hosts whose user data sets " +
				"ECS_CLUSTER to prd, a cluster that does not exist"}},
		{"none named", func(c *ec2fake.Client) { host(c, "i-1", "workers", "#!/bin/bash\n", managed) },
			[]string{"1 running instances of Auto Scaling group workers are not registered in cluster prod: hosts whose user " +
				"data sets no " +
				"ECS_CLUSTER, so that they join the cluster default"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			subject, _ := hostsWorld(tt.world)()
			report := diag.Run(t.Context(), diag.On(subject, ec2diag.ContainerHostChecks()...))
			require.NoError(t, report.Err())
			var got []string
			for _, f := range report.Findings {
				got = append(got, f.Summary)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}
