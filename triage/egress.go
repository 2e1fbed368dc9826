package triage

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// waysOut finds out whether the tasks of a service get to the AWS services that they need at their start, and for
// sessions. It asks only where tasks failed to start, for where they start, they get there; and where sessions fail.
func (s *Scene) waysOut() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name:    "triage.ways-out",
		Actions: ecsdiag.ServiceSurvey.Actions,
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			needs, err := s.wayNeeds(ctx, service)
			if len(needs) == 0 {
				return nil, err
			}
			if at, err := locationOf(ctx, service); nowhere(at) {
				return nil, err
			}
			end := ec2diag.EndAt(service.Resource(), func(ctx context.Context) (ec2diag.Location, error) {
				return locationOf(ctx, service)
			})
			out := s.egress(service.Resource(), end, needs)
			return []diag.Link{{From: service.Resource(), To: out, Role: "starts over"}}, err
		},
	}
}

// wayNeeds are the AWS services whose way is in question: those of the start where tasks failed to start, and that of
// sessions where these fail and tasks are meant to take them.
func (s *Scene) wayNeeds(ctx context.Context, service *ecsdiag.Service) ([]ec2diag.Service, error) {
	failed, err := failedToStart(ctx, service)
	errs := []error{err}
	var needs []ec2diag.Service
	if failed {
		definition, err := service.TaskDefinition(ctx)
		if errs = append(errs, err); err == nil {
			needs = startNeeds(definition)
		}
	}
	if s.asks(ExecFails) {
		running, err := service.RunningTasks(ctx)
		errs = append(errs, err)
		if slices.ContainsFunc(running, func(t types.Task) bool { return t.EnableExecuteCommand }) {
			needs = append(needs, ec2diag.SSMMessages)
		}
	}
	return needs, errors.Join(errs...)
}

// crowded asks for the free addresses and the zones of the subnets that a service runs in, where its tasks fail to
// start or wait for long: it is there that an interface is made for each.
func (s *Scene) crowded() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name:    "triage.subnets",
		Actions: ecsdiag.ServiceSurvey.Actions,
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			described, err := service.Describe(ctx)
			if err != nil || described.NetworkConfiguration == nil || described.NetworkConfiguration.AwsvpcConfiguration == nil {
				return nil, err
			}
			failed, err := failedToStart(ctx, service)
			waits, waitErr := service.WaitsForInterface(ctx)
			if !failed && !waits {
				return nil, errors.Join(err, waitErr)
			}
			set := ec2diag.NewSubnetSet(s.network, service.Resource(),
				described.NetworkConfiguration.AwsvpcConfiguration.Subnets...)
			r := diag.Resource{Type: typePath, ID: "subnets of " + service.Resource().String()}
			subject(s, typePath, r.ID, func() *ec2diag.SubnetSet { return set })
			links := []diag.Link{{From: service.Resource(), To: r, Role: "runs in"}}
			for _, subnet := range set.Subnets() {
				links = append(links, diag.Link{From: service.Resource(), To: subnet.Resource(), Role: "runs in"})
			}
			return links, nil
		},
	}
}

func failedToStart(ctx context.Context, service *ecsdiag.Service) (bool, error) {
	stopped, err := service.StoppedTasks(ctx)
	failed := slices.ContainsFunc(stopped, func(t ecsdiag.StoppedTask) bool {
		return t.StopCode == types.TaskStopCodeTaskFailedToStart
	})
	if failed {
		return true, nil // enough was seen, whatever else was not
	}
	return false, err
}

// startNeeds are the AWS services without which a task of the definition does not start ("Amazon ECS interface VPC
// endpoints", considerations for Fargate; layers of images lie in S3).
func startNeeds(td *types.TaskDefinition) []ec2diag.Service {
	var needs []ec2diag.Service
	for _, c := range td.ContainerDefinitions {
		if image := ecsdiag.ParseImage(aws.ToString(c.Image)); strings.Contains(image.Registry, ".dkr.ecr.") {
			needs = append(needs, ec2diag.ECRAPI, ec2diag.ECRDKR, ec2diag.S3)
		} else {
			needs = append(needs, ec2diag.AnyService)
		}
		if c.LogConfiguration != nil && c.LogConfiguration.LogDriver == types.LogDriverAwslogs {
			needs = append(needs, ec2diag.Logs)
		}
		for _, secret := range c.Secrets {
			if strings.Contains(aws.ToString(secret.ValueFrom), ":secretsmanager:") {
				needs = append(needs, ec2diag.SecretsManager)
			} else {
				needs = append(needs, ec2diag.SSM)
			}
		}
		if len(c.EnvironmentFiles) > 0 {
			needs = append(needs, ec2diag.S3)
		}
	}
	return needs
}

// locationOf returns where the tasks of a service leave from: the subnets that they get interfaces in, or the hosts
// whose interfaces they share.
func locationOf(ctx context.Context, service *ecsdiag.Service) (ec2diag.Location, error) {
	described, err := service.Describe(ctx)
	if err != nil {
		return ec2diag.Location{}, err
	}
	if n := described.NetworkConfiguration; n != nil && n.AwsvpcConfiguration != nil {
		return ec2diag.Location{
			Subnets: n.AwsvpcConfiguration.Subnets, Groups: n.AwsvpcConfiguration.SecurityGroups,
			Private: n.AwsvpcConfiguration.AssignPublicIp == types.AssignPublicIpDisabled,
		}, nil
	}
	hosts, err := service.ContainerInstances(ctx)
	var at ec2diag.Location
	for _, h := range hosts {
		if h.Ec2InstanceId != nil {
			at.Instances = append(at.Instances, *h.Ec2InstanceId)
		}
	}
	return at, err
}

// nowhere reports a service without a place to leave from: one on container instances that has none. There is no way to
// judge then.
func nowhere(at ec2diag.Location) bool { return len(at.Subnets) == 0 && len(at.Instances) == 0 }
