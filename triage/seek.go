package triage

import (
	"context"
	"maps"
	"net/netip"
	"slices"

	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// seekers find out whether there is a resource of a name, through the facts that the walk will use again. They return
// the resources found, since a service may have the same name in several clusters.
var seekers = map[string]seek{
	typeLoadBalancer: func(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
		_, err := s.LoadBalancer(r).Describe(ctx)
		return s.foundIf(err, s.LoadBalancer(r))
	},
	typeTargetGroup: func(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
		_, err := s.TargetGroup(r).Describe(ctx)
		return s.foundIf(err, s.TargetGroup(r))
	},
	typeCluster: func(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
		_, err := s.Cluster(r).Describe(ctx)
		return s.foundIf(err, s.Cluster(r))
	},
	typeService: func(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
		services, err := s.services.Lookup(ctx, r.ID)
		var found []diag.Resource
		for _, service := range services {
			found = append(found, service.Resource())
		}
		return found, err
	},
	typeLogGroup: func(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
		_, err := s.LogGroup(r).Describe(ctx)
		return s.foundIf(err, s.LogGroup(r))
	},
	typeDBInstance: func(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
		_, err := s.DBInstance(r).Describe(ctx)
		return s.foundIf(err, s.DBInstance(r))
	},
	typeDBCluster: func(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
		_, err := s.DBCluster(r).Describe(ctx)
		return s.foundIf(err, s.DBCluster(r))
	},
	typeScalingGroup: func(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
		_, err := s.ScalingGroup(r.ID).Describe(ctx)
		return s.foundIf(err, s.ScalingGroup(r.ID))
	},
	typeInstance: seekInstances,
	typeFunction: seekFunction,
	typeHybridNode: func(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
		node := ssmdiag.NewManagedNode(s.Scope.Clients.SSM, r.ID, s.Window)
		if !hybridID.MatchString(r.ID) {
			return nil, nil
		}
		known, err := node.Information(ctx)
		if known == nil {
			return nil, err
		}
		return s.foundIf(err, node)
	},
}

// seekInstances looks for an instance by its id or by its tag Name. One that was ended counts only where no other has
// the name.
func seekInstances(ctx context.Context, s *Scene, r diag.Resource) ([]diag.Resource, error) {
	if instanceID.MatchString(r.ID) {
		_, err := s.Instance(r).Describe(ctx)
		return s.foundIf(err, s.Instance(r))
	}
	named, err := ec2diag.InstancesNamed(ctx, s.Scope.Clients.EC2, s.Window, r.ID)
	var alive, ended []diag.Resource
	for _, i := range named {
		described, describeErr := i.Describe(ctx)
		if describeErr == nil && described.State != nil && described.State.Name == ec2.InstanceStateNameTerminated {
			ended = append(ended, i.Resource())
		} else {
			alive = append(alive, i.Resource())
		}
	}
	if len(alive) == 0 {
		alive = ended
	}
	return alive, err
}

// seek is how one kind of resource is looked for.
type seek = func(context.Context, *Scene, diag.Resource) ([]diag.Resource, error)

// seeks returns how the scope looks for a resource, by its type, or by all types where only its name is known.
func (s *Scene) seeks(r diag.Resource) map[string]seek {
	_, err := netip.ParseAddr(r.ID)
	switch {
	case r.Type != "":
		return map[string]seek{r.Type: seekers[r.Type]}
	case err == nil:
		return map[string]seek{typeAddress: seekAddress}
	}
	all := maps.Clone(seekers)
	maps.DeleteFunc(all, func(typ string, _ seek) bool { return !s.mayHold(typ) })
	if hostName.MatchString(r.ID) {
		all[typeEndpoint] = seekHost
	}
	return all
}

// mayHold says whether the scope has a client for a type.
func (s *Scene) mayHold(typ string) bool {
	switch typ {
	case typeScalingGroup:
		return s.Scope.Clients.AutoScaling != nil
	case typeHybridNode:
		return s.Scope.Clients.SSM != nil
	}
	return true
}

// toldOf says which types of resource a symptom is told of, where a name is that of several.
var toldOf = map[SymptomKind][]string{
	HTTP5xx: requestTypes, HTTP502: requestTypes, HTTP503: requestTypes, HTTP504: requestTypes, Slow: requestTypes,
	DeploymentStuck: {typeService}, TasksStopping: {typeService, typeCluster}, TasksPending: {typeService, typeCluster},
	ExecFails: {typeService}, Errors: {typeService, typeLogGroup, typeFunction},
	DBUnreachable: {typeDBInstance, typeDBCluster}, DBSlow: {typeDBInstance, typeDBCluster},
	InstanceUnreachable: {typeInstance}, SSMUnreachable: {typeInstance},
}

var requestTypes = []string{typeLoadBalancer, typeTargetGroup, typeService}

// fitting returns those of the resources that a symptom of the kind is told of; all of them where none is.
func (k SymptomKind) fitting(found []diag.Resource) []diag.Resource {
	var fit []diag.Resource
	for _, r := range found {
		if slices.Contains(toldOf[k], r.Type) {
			fit = append(fit, r)
		}
	}
	if len(fit) == 0 {
		return found
	}
	return fit
}

// foundIf returns the subject's resource unless the error says that there is none.
func (s *Scene) foundIf(err error, subject diag.Subject) ([]diag.Resource, error) {
	if kind := diag.KindOf(err); kind == diag.KindNotFound || kind == diag.KindInvalid {
		return nil, nil // a name that the service's rules do not allow cannot exist either
	}
	if err != nil {
		return nil, err
	}
	return []diag.Resource{subject.Resource()}, nil
}

// seeker is the survey that links a name to the resources that have it.
func seeker(scene *Scene, sought diag.Resource, exists seek) *diag.Survey[aResource] {
	return &diag.Survey[aResource]{
		Name: "triage.target",
		Links: func(ctx context.Context, _ aResource) ([]diag.Link, error) {
			found, err := exists(ctx, scene, sought)
			var links []diag.Link
			for _, r := range found {
				links = append(links, diag.Link{From: sought, To: r, Role: "named", Context: true})
			}
			return links, err
		},
	}
}
