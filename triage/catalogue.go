package triage

import (
	"slices"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/diag/images"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/scaling"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// Maker makes the plan for a resource that the walk has come to: its subject, with the checks and surveys that fit.
// from is the resource whose link led there, zero for the target of the symptom. A maker calls nothing.
type Maker func(scene *Scene, r, from diag.Resource) diag.Plan

// Catalogue tells for each CloudFormation type how to examine a resource of it. A walk passes by resources of other
// types.
type Catalogue map[string]Maker

// Default returns the catalogue of this module. The caller may change it: a house check joins the plan of its type.
//
//	catalogue := triage.Default()
//	builtIn := catalogue["AWS::ECS::Service"]
//	catalogue["AWS::ECS::Service"] = func(s *triage.Scene, r, from diag.Resource) diag.Plan {
//		return diag.Join(builtIn(s, r, from), diag.On(s.Service(r), house.NoOwnerTag))
//	}
func Default() Catalogue {
	return Catalogue{
		typeEndpoint:     endpointPlan,
		typeLoadBalancer: loadBalancerPlan,
		typeTargetGroup:  targetGroupPlan,
		typeService:      servicePlan,
		typeCluster:      clusterPlan,
		typeHosts: func(s *Scene, r, _ diag.Resource) diag.Plan {
			if !s.first("hosts", r.ID) {
				return diag.Plan{}
			}
			return diag.Join(s.clusterState(r), diag.On(s.Cluster(r), ecsdiag.ClusterHostChecks()...))
		},
		typeTaskDefinition: func(s *Scene, r, _ diag.Resource) diag.Plan {
			td := s.TaskDefinition(r)
			return diag.Join(diag.On(td, ecsdiag.TaskDefinitionChecks()...), diag.Observe(td, ecsdiag.TaskDefinitionSurvey))
		},
		typeTask: func(s *Scene, r, _ diag.Resource) diag.Plan {
			task := s.Task(r)
			return diag.Join(diag.On(task, ecsdiag.TaskChecks()...), diag.Observe(task, ecsdiag.TaskSurvey))
		},
		typeLogGroup:          logGroupPlan,
		typeHostLog:           hostLogPlan,
		typeFunction:          functionPlan,
		typePath:              wayPlan,
		typeGrant:             grantPlan,
		policies.TypeKey:      keyPlan,
		typeTrail:             globalHistoryPlan,
		typeTraces:            tracesPlan,
		typeListening:         listeningPlan,
		typeStrays:            straysPlan,
		typeInstance:          instancePlan,
		typeNATGateway:        natGatewayPlan,
		typeHybridNode:        hybridPlan,
		typeDocument:          documentPlan,
		typeCertificate:       certificatePlan,
		typeServerCertificate: certificatePlan,
		typeDBInstance:        dbInstancePlan,
		typeDBCluster:         dbClusterPlan,
		rdsdiag.TypeBlueGreen: blueGreenPlan,
		images.TypeImage:      imagePlan,
		typeSecret:            secretPlan,
		typeParameter:         parameterPlan,
		scaling.TypeTarget:    scalingTargetPlan,
		typeScalingGroup:      scalingGroupPlan,
	}
}

// wayPlan examines a way through the network that a bridge filed.
func wayPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	switch way := s.filed(r).(type) {
	case *ec2diag.Path:
		return diag.Join(diag.On(way, ec2diag.PathChecks()...), diag.Observe(way, ec2diag.PathSurvey))
	case *ec2diag.Egress:
		return way.Plan()
	case *ec2diag.Resolver:
		return diag.Join(diag.On(way, ec2diag.ResolverChecks()...), diag.Observe(way, ec2diag.ResolverSurvey, s.waysToDNS()))
	case deadEnd:
		return way.plan()
	case *ec2diag.SubnetSet:
		return subnetPlan(diag.On(way, ec2diag.SubnetSetChecks()...), way.Subnets())
	case *ec2diag.SubnetGroup:
		return subnetPlan(diag.On(way, ec2diag.SubnetGroupChecks()...), way.Subnets())
	}
	return diag.Plan{}
}

// subnetPlan adds to the plan of several subnets that of each.
func subnetPlan(plan diag.Plan, subnets []*ec2diag.Subnet) diag.Plan {
	for _, subnet := range subnets {
		plan = diag.Join(plan, diag.On(subnet, ec2diag.SubnetChecks()...))
	}
	return plan
}

// loadBalancerPlan examines a load balancer. One on the way tells how requests fare, and which of its target groups the
// errors come from. Where the walk begins with it, the list of ECS services is fetched at once, instead of when the
// first target group asks for it, two round trips later.
func loadBalancerPlan(s *Scene, r, from diag.Resource) diag.Plan {
	lb := s.LoadBalancer(r)
	if !from.IsZero() && from.Type != typeEndpoint {
		plan := diag.Join(diag.On(lb, slices.Concat(albdiag.LoadBalancerStates(), albdiag.HTTPErrors())...),
			diag.Observe(lb, albdiag.ErringGroupSurvey))
		if s.asks(Unreachable) && s.readsCertificates() {
			plan = diag.Join(plan, diag.Observe(lb, s.shownCertificates()))
		}
		return diag.Join(plan, s.routedPlan(lb))
	}
	plan := diag.Join(diag.On(lb, albdiag.LoadBalancerChecks()...),
		diag.Observe(lb, albdiag.LoadBalancerSurvey, s.servicesAhead(), s.publicWays()))
	if s.readsCertificates() {
		plan = diag.Join(plan, diag.Observe(lb, s.shownCertificates()))
	}
	if s.asks(Unreachable) {
		plan = diag.Join(plan, diag.On(lb, albdiag.OutageChecks()...))
	}
	if s.asksForAttributes() {
		plan = diag.Join(plan, diag.On(lb, albdiag.LoadBalancerAttributeChecks()...),
			diag.Observe(lb, albdiag.LoadBalancerAttributeSurvey))
	}
	return plan
}

// readsCertificates reports whether the scope can read certificates at all.
func (s *Scene) readsCertificates() bool {
	return s.Scope.Clients.ACM != nil || s.Scope.Clients.IAM != nil
}

// missesRequests reports whether requests do not come through, so that it matters where load balancers send them.
func (s *Scene) missesRequests() bool {
	return s.asks(Unreachable, HTTP5xx, HTTP502, HTTP503, HTTP504, Errors)
}

// asksForAttributes reports whether timeouts, stickiness and the like have to do with the question, or everything may.
// What checks need of them they ask for themselves.
func (s *Scene) asksForAttributes() bool { return s.asks(Slow, HTTP502, HTTP504, Unreachable, Unknown) }

// servicePlan examines an ECS service and what it needs to work.
func servicePlan(s *Scene, r, from diag.Resource) diag.Plan {
	service := s.Service(r)
	checks := ecsdiag.ServiceChecks()
	if s.asks(ExecFails) {
		checks = append(checks, ecsdiag.ExecChecks()...)
	}
	plan := diag.Observe(service, ecsdiag.ServiceSurvey, ecsdiag.ServiceNeighbourSurvey, ecsdiag.ServiceImageSurvey,
		servingGroups, s.waysOut(), hostsOf, s.silentHosts(), s.strayHosts(), s.hostGroups(), s.crowded(), s.databasesOf(),
		s.tracedBy(), s.listening(), s.platforms(),
		s.inLogs(s.deadEnds), s.inLogs(s.callees), s.databaseLogs(), s.resolvers(),
		s.inLogs(s.namesInLogs))
	if s.roles != nil {
		plan = diag.Join(plan, diag.Observe(service, s.roleNeeds(), s.inLogs(s.refusedTo)))
	}
	if s.asks(TasksStopping, TasksPending, DeploymentStuck, AccessDenied, Errors, DBUnreachable) {
		plan = diag.Join(plan, diag.Observe(service, s.deliveries()))
	}
	if s.roles != nil && s.asks(DBUnreachable, AccessDenied, Errors, HTTP5xx) {
		plan = diag.Join(plan, diag.Observe(service, s.databaseLogins()))
	}
	if s.asks(Slow, HTTP5xx, HTTP502, HTTP503, HTTP504, Errors, TasksStopping, Unknown) {
		checks = append(checks, ecsdiag.UsageChecks()...)
		plan = diag.Join(plan, diag.Observe(service, scaledBy))
	}
	plan = diag.Join(plan, s.execAttempts(service), s.releaseAttempts(service, from))
	if (from.IsZero() || from.Type == typeCluster) && (s.missesRequests() || s.asks(Unknown)) {
		plan = diag.Join(plan, s.servedPlan(service, from))
	}
	return diag.Join(diag.On(service, checks...), diag.On(s.databaseUse(service), rdsdiag.UseChecks()...), plan)
}

// asks reports whether the symptom is one of kinds.
func (s *Scene) asks(kinds ...SymptomKind) bool { return slices.Contains(kinds, s.Symptom) }

// logGroupPlan examines a log group, and looks for who writes to it where the question is about it.
func logGroupPlan(s *Scene, r, from diag.Resource) diag.Plan {
	s.noteLogger(r, from)
	group := s.LogGroup(r)
	if from.Type == typeDBInstance && !s.first("database log", r.ID) {
		return diag.On(group, logs.ServerChecks()...)
	}
	plan := diag.Join(diag.On(group, logs.GroupChecks()...), diag.Observe(group, namedInLog, functionOfLog))
	if s.asks(Slow, HTTP504) {
		plan = diag.Join(plan, diag.On(group, logs.RequestChecks()...))
	}
	if from.IsZero() {
		return diag.Join(plan, diag.Observe(group, logs.GroupSurvey, s.logWriters()))
	}
	return diag.Join(plan, diag.Observe(group, logs.GroupEventSurvey))
}

// clusterPlan examines a cluster, and looks for its services only where the question is about the cluster itself. On
// the way from a service only its state counts, and its container instances where the service runs on them: see
// hostsOf.
func clusterPlan(s *Scene, r, from diag.Resource) diag.Plan {
	cluster := s.Cluster(r)
	if from.Type == typeService {
		return s.clusterState(r)
	}
	if !from.IsZero() {
		return diag.On(cluster, ecsdiag.ClusterNeighbourChecks()...)
	}
	s.first("cluster", r.ID)
	s.first("hosts", r.ID)
	return diag.Join(diag.On(cluster, ecsdiag.ClusterChecks()...), diag.Observe(cluster, ecsdiag.ClusterSurvey),
		launchesPlan(s, cluster))
}

// clusterState asks whether a cluster is active: once, whether the walk comes to it or to its hosts first.
func (s *Scene) clusterState(r diag.Resource) diag.Plan {
	if !s.first("cluster", r.ID) {
		return diag.Plan{}
	}
	return diag.On(s.Cluster(r), ecsdiag.ClusterNotActive)
}

// targetGroupPlan examines a target group, the way from its load balancers to its targets, and, unless the walk came
// from a service that it serves, which services register in it.
func targetGroupPlan(s *Scene, r, from diag.Resource) diag.Plan {
	tg := s.TargetGroup(r)
	plan := diag.Join(diag.On(tg, albdiag.TargetGroupChecks()...), diag.On(s.turnover(tg), albdiag.TurnoverChecks()...),
		diag.Observe(tg, albdiag.TargetGroupSurvey, s.waysIn(), s.targetHosts(), inVPC))
	if from.Type != typeService {
		plan = diag.Join(plan, diag.Observe(tg, s.servedBy()))
		if s.asksForAttributes() {
			plan = diag.Join(plan, diag.On(tg, albdiag.TargetGroupAttributeChecks()...),
				diag.Observe(tg, albdiag.TargetGroupAttributeSurvey))
		}
	}
	return plan
}
