package ecsdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
)

// settingsOf turns names and values into settings of a resource, without empty ones.
func settingsOf(r diag.Resource, list []setting) []diag.Setting {
	var out []diag.Setting
	for _, s := range list {
		if s.value != "" {
			out = append(out, diag.Setting{Resource: r, Name: s.name, Value: s.value})
		}
	}
	return out
}

func serviceSettings(ctx context.Context, s *Service) ([]diag.Setting, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	list := []setting{
		{"desired count", fmt.Sprint(svc.DesiredCount)}, {"task definition", afterSlash(primaryDefinition(svc))},
		{"launch type", string(svc.LaunchType)}, {"capacity providers", capacityProviders(svc)},
		{"platform version", aws.ToString(svc.PlatformVersion)}, {"scheduling strategy", string(svc.SchedulingStrategy)},
		{"execute command", fmt.Sprint(svc.EnableExecuteCommand)},
	}
	if svc.HealthCheckGracePeriodSeconds != nil {
		list = append(list, setting{"health check grace period", fmt.Sprintf("%d s", *svc.HealthCheckGracePeriodSeconds)})
	}
	list = append(list, deploymentSettings(svc)...)
	if n := svc.NetworkConfiguration; n != nil && n.AwsvpcConfiguration != nil {
		list = append(list, setting{"subnets", sorted(n.AwsvpcConfiguration.Subnets)}, setting{"security groups",
			sorted(n.AwsvpcConfiguration.SecurityGroups)},
			setting{"assign public IP", string(n.AwsvpcConfiguration.AssignPublicIp)})
	}
	for _, b := range svc.LoadBalancers {
		name := cmp.Or(targetGroupResource(aws.ToString(b.TargetGroupArn)).ID, aws.ToString(b.LoadBalancerName))
		list = append(list, setting{"load balancer " + name, fmt.Sprintf("%s:%d", aws.ToString(b.ContainerName),
			aws.ToInt32(b.ContainerPort))})
	}
	return settingsOf(s.resource(svc), list), nil
}

func deploymentSettings(svc *types.Service) []setting {
	c := svc.DeploymentConfiguration
	if c == nil {
		return nil
	}
	list := []setting{
		{"minimum healthy percent", fmt.Sprint(or(c.MinimumHealthyPercent, 100))}, {"maximum percent",
			fmt.Sprint(or(c.MaximumPercent, 200))},
		{"deployment strategy", string(c.Strategy)},
	}
	if b := c.DeploymentCircuitBreaker; b != nil {
		list = append(list, setting{"circuit breaker", fmt.Sprint(b.Enable)}, setting{"circuit breaker rollback",
			fmt.Sprint(b.Rollback)})
	}
	return list
}

func capacityProviders(svc *types.Service) string {
	return strings.Join(mapped(svc.CapacityProviderStrategy, func(i types.CapacityProviderStrategyItem) string {
		return fmt.Sprintf("%s base %d weight %d", aws.ToString(i.CapacityProvider), i.Base, i.Weight)
	}), ", ")
}

func sorted(ids []string) string { return strings.Join(slices.Sorted(slices.Values(ids)), " ") }

func clusterSettings(ctx context.Context, c *Cluster) ([]diag.Setting, error) {
	cluster, err := c.Describe(ctx)
	if err != nil {
		return nil, err
	}
	list := []setting{{"capacity providers", sorted(cluster.CapacityProviders)}}
	for _, s := range cluster.Settings {
		list = append(list, setting{string(s.Name), aws.ToString(s.Value)})
	}
	return settingsOf(c.resource(cluster), list), nil
}

func definitionSettings(ctx context.Context, d *TaskDefinition) ([]diag.Setting, error) {
	td, err := d.Describe(ctx)
	if err != nil {
		return nil, err
	}
	list := taskSettings(td)
	for i := range td.ContainerDefinitions {
		c := &td.ContainerDefinitions[i]
		list = append(list, containerSettings(c)...)
		names := sortedKeys(environment(c))
		list = append(list, setting{"container " + aws.ToString(c.Name) + ": environment variables", strings.Join(names,
			" ")})
	}
	r := d.Resource()
	if arn := aws.ToString(td.TaskDefinitionArn); arn != "" {
		r = taskDefinitionResource(arn)
	}
	return settingsOf(r, list), nil
}
