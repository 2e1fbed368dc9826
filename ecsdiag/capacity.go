package ecsdiag

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// hostTroubles are the causes for which more or other container instances would help.
var hostTroubles = []ecstext.Cause{ecstext.PlacementMemory, ecstext.PlacementCPU, ecstext.PlacementGPU,
	ecstext.PlacementPort, ecstext.PlacementPortLimit, ecstext.PlacementENI, ecstext.PlacementNoInstances,
	ecstext.PlacementUnmet, ecstext.PlacementOther, ecstext.PlacementZone, ecstext.ProvisioningLimit}

// LacksHosts reports a service on container instances that finds no place for its tasks: its events say so, or a task
// has been waiting in PROVISIONING for longer than that takes. It costs no call that the checks on the service do not
// make.
func (s *Service) LacksHosts(ctx context.Context) (bool, error) {
	onHosts, err := s.OnHosts(ctx)
	if err != nil || !onHosts {
		return false, err
	}
	found, err := s.readSigns(ctx)
	if len(found.with(hostTroubles...)) > 0 {
		return true, nil
	}
	late, lateErr := s.WaitsForInterface(ctx)
	return late, joined(err, lateErr)
}

// MountDenied reports signs that an EFS server denied a task the mount of a file system.
func (s *Service) MountDenied(ctx context.Context) (bool, error) {
	found, err := s.readSigns(ctx)
	return len(found.with(ecstext.EFSDenied)) > 0, err
}

// RoleMounts returns the EFS file systems that a task definition mounts by the leave of its task role, by id
// ("authorizationConfig", EFSAuthorizationConfig, Amazon ECS API Reference).
func RoleMounts(td *types.TaskDefinition) []string {
	var ids []string
	if td == nil {
		return nil
	}
	for _, v := range td.Volumes {
		if c := v.EfsVolumeConfiguration; c != nil && c.FileSystemId != nil && c.AuthorizationConfig != nil &&
			c.AuthorizationConfig.Iam == types.EFSAuthorizationConfigIAMEnabled {
			ids = append(ids, *c.FileSystemId)
		}
	}
	return ids
}

// WaitsForInterface reports a task that has been in PROVISIONING for longer than it takes to make a network interface
// for it: there is none, or no host.
func (s *Service) WaitsForInterface(ctx context.Context) (bool, error) {
	running, err := s.RunningTasks(ctx)
	waiting := phases[0]
	return slices.ContainsFunc(running, func(t types.Task) bool {
		return waiting.contained(&t) && !waiting.since(&t).IsZero() && s.window.End.Sub(waiting.since(&t)) > waiting.limit
	}), err
}

// NoInterfaceLeft reports signs that no container instance can attach another network interface for a task.
func (s *Service) NoInterfaceLeft(ctx context.Context) (bool, error) {
	found, err := s.readSigns(ctx)
	return len(found.with(ecstext.PlacementENI)) > 0, err
}

// FindsNoNames reports signs that tasks do not start because the host name of a registry or a file system does not
// resolve.
func (s *Service) FindsNoNames(ctx context.Context) (bool, error) {
	found, err := s.readSigns(ctx)
	return len(found.with(ecstext.ImagePullDNS, ecstext.EFSDNS)) > 0, err
}

// maxProviders is how many capacity providers one call takes (API_DescribeCapacityProviders).
const maxProviders = 100

// ScalingGroups returns the names of the Auto Scaling groups behind a service's container instances, sorted: those of
// the capacity providers of its strategy, or else of all that its cluster is associated with. One call, whoever asks.
func (s *Service) ScalingGroups(ctx context.Context, api CapacityAPI) ([]string, error) {
	return s.groups.Get(ctx, func(ctx context.Context) ([]string, error) { return s.scalingGroups(ctx, api) })
}

func (s *Service) scalingGroups(ctx context.Context, api CapacityAPI) ([]string, error) {
	svc, err := s.Describe(ctx)
	if err != nil {
		return nil, err
	}
	in := &ecs.DescribeCapacityProvidersInput{Cluster: aws.String(s.cluster)}
	for _, item := range svc.CapacityProviderStrategy {
		name := aws.ToString(item.CapacityProvider)
		if !strings.HasPrefix(name, "FARGATE") && name != "" && len(in.CapacityProviders) < maxProviders {
			in.CapacityProviders = append(in.CapacityProviders, name)
		}
	}
	if len(in.CapacityProviders) > 0 {
		in.Cluster = nil
	}
	var groups []string
	for {
		out, err := api.DescribeCapacityProviders(ctx, in)
		if err != nil {
			return groups, fmt.Errorf("describing the capacity providers of %s/%s: %w", s.cluster, s.name, err)
		}
		for _, p := range out.CapacityProviders {
			if p.AutoScalingGroupProvider != nil {
				groups = append(groups, groupInARN(aws.ToString(p.AutoScalingGroupProvider.AutoScalingGroupArn)))
			}
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			slices.Sort(groups)
			return slices.DeleteFunc(slices.Compact(groups), func(g string) bool { return g == "" }), nil
		}
	}
}

// groupInARN returns the name in "arn:aws:autoscaling:…:autoScalingGroup:<uuid>:autoScalingGroupName/<name>". ECS takes
// the short name too ("AutoScalingGroupProvider", API reference).
func groupInARN(arn string) string {
	if _, name, ok := strings.Cut(arn, "autoScalingGroupName/"); ok {
		return name
	}
	if strings.HasPrefix(arn, "arn:") {
		return ""
	}
	return arn
}
