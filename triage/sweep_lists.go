package triage

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// inUnits hands out what was listed: sorted by name, behind one, in units. An error of the list comes last.
func inUnits[T any](all []T, listErr error, after string, resource func(T) diag.Resource,
	make func([]T) unit) iter.Seq2[unit, error] {
	name := func(v T) string { return resource(v).ID }
	all = slices.DeleteFunc(all, func(v T) bool { return name(v) <= after })
	slices.SortFunc(all, func(a, b T) int { return cmp.Compare(name(a), name(b)) })
	return func(yield func(unit, error) bool) {
		for some := range slices.Chunk(all, sweepBatch) {
			u := make(some)
			for _, v := range some {
				u.resources = append(u.resources, resource(v))
			}
			if !yield(u, nil) {
				return
			}
		}
		if listErr != nil {
			yield(unit{}, listErr)
		}
	}
}

// balancerClient answers for load balancers that are described already.
type balancerClient struct {
	ELB
	known []elbtypes.LoadBalancer
}

// DescribeLoadBalancers answers for one load balancer of the unit.
func (c balancerClient) DescribeLoadBalancers(ctx context.Context, in *elbv2.DescribeLoadBalancersInput,
	opts ...func(*elbv2.Options)) (*elbv2.DescribeLoadBalancersOutput, error) {
	if asked := append(slices.Clone(in.Names), in.LoadBalancerArns...); len(asked) == 1 {
		for _, lb := range c.known {
			if asked[0] == aws.ToString(lb.LoadBalancerName) || asked[0] == aws.ToString(lb.LoadBalancerArn) {
				return &elbv2.DescribeLoadBalancersOutput{LoadBalancers: []elbtypes.LoadBalancer{lb}}, nil
			}
		}
	}
	return c.ELB.DescribeLoadBalancers(ctx, in, opts...)
}

func listBalancers(ctx context.Context, l *lane, after string) iter.Seq2[unit, error] {
	var all []elbtypes.LoadBalancer
	var listErr error
	pages := elbv2.NewDescribeLoadBalancersPaginator(l.scope.Clients.ELB, &elbv2.DescribeLoadBalancersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		l.calls.Add(1)
		if err != nil {
			listErr = fmt.Errorf("listing load balancers: %w", err)
			break
		}
		all = append(all, page.LoadBalancers...)
	}
	resource := func(lb elbtypes.LoadBalancer) diag.Resource {
		return diag.ResourceOf(typeLoadBalancer, aws.ToString(lb.LoadBalancerName), aws.ToString(lb.LoadBalancerArn))
	}
	return inUnits(all, listErr, after, resource, func(some []elbtypes.LoadBalancer) unit {
		u := unit{scope: l.scope}
		u.scope.Clients.ELB = balancerClient{l.scope.Clients.ELB, some}
		return u
	})
}

// listInstances lists ids only, and describes each unit's instances, and then their status, together.
func listInstances(ctx context.Context, l *lane, after string) iter.Seq2[unit, error] {
	var ids []string
	var listErr error
	pages := ec2.NewDescribeInstancesPaginator(l.scope.Clients.EC2, &ec2.DescribeInstancesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		l.calls.Add(1)
		if err != nil {
			listErr = fmt.Errorf("listing instances: %w", err)
			break
		}
		for _, r := range page.Reservations {
			for _, i := range r.Instances {
				ids = append(ids, aws.ToString(i.InstanceId))
			}
		}
	}
	resource := func(id string) diag.Resource { return diag.Resource{Type: typeInstance, ID: id} }
	return inUnits(ids, listErr, after, resource, func(some []string) unit {
		return unit{scope: l.scope, prepare: func(s *Scene) {
			l.calls.Add(1)
			born, _ := ec2diag.Instances(ctx, l.scope.Clients.EC2, s.Window,
				some...) // who is missing asks again, and tells why
			for _, i := range born {
				subject(s, typeInstance, i.Resource().ID, func() *ec2diag.Instance { return s.equip(i) })
			}
		}}
	})
}

// databaseClient answers for database instances that are described already.
type databaseClient struct {
	rdsdiag.DirectoryAPI
	known []rdstypes.DBInstance
}

// DescribeDBInstances answers for one instance of the unit.
func (c databaseClient) DescribeDBInstances(ctx context.Context, in *rds.DescribeDBInstancesInput,
	opts ...func(*rds.Options)) (*rds.DescribeDBInstancesOutput, error) {
	if asked := aws.ToString(in.DBInstanceIdentifier); asked != "" {
		for _, i := range c.known {
			if asked == aws.ToString(i.DBInstanceIdentifier) || asked == aws.ToString(i.DBInstanceArn) {
				return &rds.DescribeDBInstancesOutput{DBInstances: []rdstypes.DBInstance{i}}, nil
			}
		}
	}
	return c.DirectoryAPI.DescribeDBInstances(ctx, in, opts...)
}

func listDatabases(ctx context.Context, l *lane, after string) iter.Seq2[unit, error] {
	var all []rdstypes.DBInstance
	var listErr error
	pages := rds.NewDescribeDBInstancesPaginator(l.scope.Clients.RDS, &rds.DescribeDBInstancesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		l.calls.Add(1)
		if err != nil {
			listErr = fmt.Errorf("listing database instances: %w", err)
			break
		}
		all = append(all, page.DBInstances...)
	}
	resource := func(i rdstypes.DBInstance) diag.Resource {
		return diag.ResourceOf(typeDBInstance, aws.ToString(i.DBInstanceIdentifier), aws.ToString(i.DBInstanceArn))
	}
	return inUnits(all, listErr, after, resource, func(some []rdstypes.DBInstance) unit {
		u := unit{scope: l.scope}
		u.scope.Clients.RDS = databaseClient{l.scope.Clients.RDS, some}
		return u
	})
}
