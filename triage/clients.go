package triage

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// maxAsked bounds the services whose task definitions are read to find out who uses what was asked about.
const maxAsked = 100

// users returns the services of the scope for which uses holds, side by side. No AWS call answers who uses a database
// or a log group, so that all task definitions are read: this is for what was asked about, and not for the way.
func (s *Scene) users(ctx context.Context,
	uses func(context.Context, *ecsdiag.Service) (bool, error)) ([]diag.Resource, error) {
	services, err := s.services.Services(ctx)
	errs := []error{err}
	if n := len(services); n > maxAsked {
		services = services[:maxAsked]
		errs = append(errs, diag.Errorf(diag.KindIncomplete, "looking for users: %d of %d services were not asked",
			n-maxAsked, n))
	}
	found, failed := make([]bool, len(services)), make([]error, len(services))
	var group sync.WaitGroup
	for i, service := range services {
		group.Go(func() { found[i], failed[i] = uses(ctx, service) })
	}
	group.Wait()
	var users []diag.Resource
	for i, service := range services {
		if found[i] {
			users = append(users, service.Resource())
		}
	}
	return users, errors.Join(append(errs, failed...)...)
}

// around links what was asked about to who uses it: for the walk, and not as a dependence.
func around(of diag.Resource, users []diag.Resource) []diag.Link {
	links := linksTo(of, users, "used by")
	for i := range links {
		links[i].Context = true
	}
	return links
}

var usersActions = []string{"ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:ListClusters",
	"ecs:ListServices"}

// databaseClients finds the services whose environment names an endpoint of a database.
func (s *Scene) databaseClients() *diag.Survey[*rdsdiag.DBInstance] {
	return &diag.Survey[*rdsdiag.DBInstance]{
		Name:    "triage.database-clients",
		Actions: slices.Concat(usersActions, []string{"rds:DescribeDBClusters", "rds:DescribeDBInstances"}),
		Links: func(ctx context.Context, db *rdsdiag.DBInstance) ([]diag.Link, error) {
			users, err := s.databaseUsers(ctx, db)
			return around(db.Resource(), users), err
		},
	}
}

// databaseUsers returns the services whose environment names an endpoint of a database instance, or of its cluster.
func (s *Scene) databaseUsers(ctx context.Context, db *rdsdiag.DBInstance) ([]diag.Resource, error) {
	return s.users(ctx, func(ctx context.Context, service *ecsdiag.Service) (bool, error) {
		hosts, err := endpointHosts(ctx, service)
		for _, host := range hosts {
			named, findErr := s.databases.ByEndpoint(ctx, host)
			switch named := named.(type) {
			case *rdsdiag.DBInstance:
				if named.Resource().ID == db.Resource().ID {
					return true, nil
				}
			case *rdsdiag.DBCluster:
				if described, describeErr := db.Describe(ctx); describeErr == nil &&
					aws.ToString(described.DBClusterIdentifier) == named.Resource().ID {
					return true, nil
				}
			}
			err = errors.Join(err, findErr)
		}
		return false, err
	})
}

// logWriters finds the services whose tasks write to a log group.
func (s *Scene) logWriters() *diag.Survey[*logs.Group] {
	return &diag.Survey[*logs.Group]{
		Name:    "triage.log-writers",
		Actions: usersActions,
		Links: func(ctx context.Context, group *logs.Group) ([]diag.Link, error) {
			users, err := s.users(ctx, func(ctx context.Context, service *ecsdiag.Service) (bool, error) {
				definition, err := service.TaskDefinition(ctx)
				return slices.ContainsFunc(ecsdiag.LogTargets(definition), func(t ecsdiag.LogTarget) bool {
					return t.Group == group.Resource().ID
				}), err
			})
			return around(group.Resource(), users), err
		},
	}
}

// publicWays finds the ways from the internet to a load balancer that faces it, one for each port it listens on.
func (s *Scene) publicWays() *diag.Survey[*albdiag.LoadBalancer] {
	return &diag.Survey[*albdiag.LoadBalancer]{
		Name:    "triage.public-ways",
		Actions: []string{"elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeLoadBalancers"},
		Links: func(ctx context.Context, lb *albdiag.LoadBalancer) ([]diag.Link, error) {
			described, err := lb.Describe(ctx)
			if err != nil || described.Scheme != elbv2.LoadBalancerSchemeEnumInternetFacing {
				return nil, err
			}
			listeners, err := lb.Listeners(ctx)
			var links []diag.Link
			for _, l := range listeners {
				if l.Port == nil {
					continue
				}
				way := ec2diag.NewPath(s.network, ec2diag.Internet(), publicEnd(lb), ec2diag.TCP, *l.Port)
				s.file(way)
				links = append(links, diag.Link{From: lb.Resource(), To: way.Resource(), Role: "reached from the internet over"})
			}
			return links, err
		},
	}
}

// publicEnd is a load balancer as the internet comes to it. Its nodes have public addresses of Elastic Load Balancing,
// whether or not their interfaces show them: what counts is where they sit and what guards them.
func publicEnd(lb *albdiag.LoadBalancer) ec2diag.End {
	return ec2diag.EndAt(lb.Resource(), func(ctx context.Context) (ec2diag.Location, error) {
		at, err := locationOfBalancer(ctx, lb)
		at.LoadBalancer = ""
		return at, err
	})
}
