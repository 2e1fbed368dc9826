package triage

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// DBInstance returns the database instance of a resource.
func (s *Scene) DBInstance(r diag.Resource) *rdsdiag.DBInstance { return s.databases.DBInstance(r.ID) }

// DBCluster returns the database cluster of a resource.
func (s *Scene) DBCluster(r diag.Resource) *rdsdiag.DBCluster { return s.databases.DBCluster(r.ID) }

// dbInstancePlan examines a database instance, and looks for who uses it where the question is about it.
func dbInstancePlan(s *Scene, r, from diag.Resource) diag.Plan {
	db := s.DBInstance(r)
	plan := diag.Join(diag.On(db, rdsdiag.DBInstanceChecks()...), diag.Observe(db, rdsdiag.DBInstanceSurvey,
		rdsdiag.BlueGreenSurvey[*rdsdiag.DBInstance](s.databases), s.databaseSubnets()),
		diag.On(s.crowd(db), rdsdiag.CrowdChecks()...))
	if insights := s.Scope.Clients.PerformanceInsights; insights != nil {
		load := rdsdiag.NewLoad(db, insights, s.asks(DBSlow, DBUnreachable))
		plan = diag.Join(plan, diag.On(load, rdsdiag.LoadChecks()...))
	}
	if from.IsZero() {
		plan = diag.Join(plan, diag.Observe(db, s.databaseClients()))
	}
	if from.IsZero() || from.Type == typeDBCluster {
		plan = diag.Join(plan, diag.Observe(db, s.waysFromOutside()), diag.On(s.exposure(db), rdsdiag.ExposureChecks()...))
	}
	return plan
}

func dbClusterPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	db := s.DBCluster(r)
	return diag.Join(diag.On(db, rdsdiag.DBClusterChecks()...), diag.Observe(db, rdsdiag.DBClusterSurvey,
		rdsdiag.BlueGreenSurvey[*rdsdiag.DBCluster](s.databases)))
}

func blueGreenPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	return diag.On(s.databases.BlueGreenDeployment(r.ID), rdsdiag.BlueGreenChecks()...)
}

// endpointHost finds names of database endpoints in a value: of their own, or within a URL ("Finding the connection
// information for an Amazon RDS DB instance").
var endpointHost = regexp.MustCompile(`[a-z0-9][a-z0-9.-]*\.rds\.amazonaws\.com(?:\.cn)?`)

// endpointHosts returns the database endpoints that the environment of a service's tasks names, sorted. Those in
// secrets stay unseen.
func endpointHosts(ctx context.Context, service *ecsdiag.Service) ([]string, error) {
	definition, err := service.TaskDefinition(ctx)
	if err != nil {
		return nil, err
	}
	var hosts []string
	for _, c := range definition.ContainerDefinitions {
		for _, e := range c.Environment {
			hosts = append(hosts, endpointHost.FindAllString(aws.ToString(e.Value), -1)...)
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts), nil
}

// databasesOf finds the databases that a service uses, and the ways to them. Databases are listed only where the
// environment of the service names one.
func (s *Scene) databasesOf() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name: "triage.databases",
		Actions: []string{"ecs:DescribeServices", "ecs:DescribeTaskDefinition", "rds:DescribeDBClusters",
			"rds:DescribeDBInstances"},
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			hosts, err := endpointHosts(ctx, service)
			errs := []error{err}
			var links []diag.Link
			for _, host := range hosts {
				db, named, err := s.databaseAt(ctx, host)
				errs = append(errs, err)
				if db == nil {
					continue
				}
				links = append(links, diag.Link{From: service.Resource(), To: named, Role: "stores in"})
				switch db := db.(type) {
				case *rdsdiag.DBInstance:
					way, err := s.wayTo(ctx, service, db, named)
					links, errs = append(links, way...), append(errs, err)
				case *rdsdiag.DBCluster:
					way, err := s.wayToMember(ctx, service, db, named, host)
					links, errs = append(links, way...), append(errs, err)
				}
			}
			return links, errors.Join(errs...)
		},
	}
}

// wayTo files the way from a service's tasks to a database instance. One without an endpoint is not up yet.
func (s *Scene) wayTo(ctx context.Context, service *ecsdiag.Service, db *rdsdiag.DBInstance,
	named diag.Resource) ([]diag.Link, error) {
	described, err := db.Describe(ctx)
	if err != nil || described.Endpoint == nil || described.Endpoint.Port == nil {
		return nil, err
	}
	return s.wayAt(ctx, service, named, dbLocation(described), *described.Endpoint.Port)
}

// wayToMember files the way to where an endpoint of a cluster leads: the subnets and security groups of its writer, or
// of its readers behind the reader endpoint. A cluster does not say its subnets. The instances are listed already,
// since the endpoint was looked for among theirs.
func (s *Scene) wayToMember(ctx context.Context, service *ecsdiag.Service, db *rdsdiag.DBCluster, named diag.Resource,
	host string) ([]diag.Link, error) {
	described, err := db.Describe(ctx)
	if err != nil || described.Port == nil || len(described.DBClusterMembers) == 0 {
		return nil, err
	}
	reads := strings.EqualFold(host, aws.ToString(described.ReaderEndpoint)) && len(described.DBClusterMembers) > 1
	scene := s.sceneOf(named)
	var at ec2diag.Location
	for _, m := range described.DBClusterMembers {
		if aws.ToString(m.DBInstanceIdentifier) == "" || aws.ToBool(m.IsClusterWriter) == reads {
			continue
		}
		member, err := scene.databases.DBInstance(*m.DBInstanceIdentifier).Describe(ctx)
		if err != nil {
			return nil, err
		}
		at = dbLocation(member) // all members share the subnet group and the security groups of the cluster
		break
	}
	if nowhere(at) {
		return nil, nil
	}
	return s.wayAt(ctx, service, named, at, *described.Port)
}

// sceneOf returns the scene that a resource lies in.
func (s *Scene) sceneOf(r diag.Resource) *Scene {
	for _, o := range s.others {
		if r.Account == o.Scope.Account && r.Region == o.Scope.Region {
			return o
		}
	}
	return s
}

// wayAt files the way from a service's tasks to a place in a network.
func (s *Scene) wayAt(ctx context.Context, service *ecsdiag.Service, named diag.Resource, to ec2diag.Location,
	port int32) ([]diag.Link, error) {
	if at, err := locationOf(ctx, service); nowhere(at) {
		return nil, err
	}
	client := service.Resource().In(s.Scope.Account, s.Scope.Region)
	from := ec2diag.EndAt(client, func(ctx context.Context) (ec2diag.Location, error) { return locationOf(ctx, service) })
	way := ec2diag.NewPath(s.network, from, ec2diag.EndIn(named, to), ec2diag.TCP, port)
	s.file(way)
	return []diag.Link{{From: service.Resource(), To: way.Resource(), Role: "reaches its database over"}}, nil
}

func dbLocation(db *types.DBInstance) ec2diag.Location {
	var at ec2diag.Location
	if g := db.DBSubnetGroup; g != nil {
		at.VPC = aws.ToString(g.VpcId)
		for _, subnet := range g.Subnets {
			at.Subnets = append(at.Subnets, aws.ToString(subnet.SubnetIdentifier))
		}
	}
	for _, group := range db.VpcSecurityGroups {
		at.Groups = append(at.Groups, aws.ToString(group.VpcSecurityGroupId))
	}
	return at
}
