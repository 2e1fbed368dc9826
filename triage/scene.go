package triage

import (
	"cmp"
	"context"
	"strings"
	"sync"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/health"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

// Scene holds the subjects of one scope during one investigation. Asked twice for a resource it returns the same
// subject, so that nothing is fetched twice. It makes no call itself.
type Scene struct {
	// Scope is where the scene is.
	Scope Scope
	// Window is what its subjects look back on; its End is now.
	Window diag.Window
	// Symptom is what the investigation is about. Questions that cost calls are asked where it gives reason to.
	Symptom SymptomKind

	balancers *albdiag.Directory
	services  *ecsdiag.Directory
	databases *rdsdiag.Directory
	network   *ec2diag.Network
	source    *metrics.Source
	trail     *changes.Trail
	globals   *changes.Trail // of the global services; nil where the trail holds them itself
	pacer     *diag.Pacer
	health    *health.Events // nil where AWS Health is not to be read
	alarms    *metrics.Alarms
	roles     *access.Directory // nil where IAM is not to be read
	policies  *policies.Reader
	others    []*Scene // of the same investigation

	values ParameterValues
	note   string // what else the complaint says

	mu       sync.Mutex
	begun    map[[2]string]bool
	subjects map[diag.Resource]diag.Subject
	loggers  map[string][]diag.Resource // who logs to which group, as far as the walk has come
}

// NewScene makes the scene of a scope.
func NewScene(scope Scope, window diag.Window) *Scene {
	source := metrics.NewSource(scope.Clients.CloudWatch, window)
	logPacer, trailPacer, globalPacer := logs.NewPacer(), changes.NewPacer(), changes.NewPacer()
	if scope.Offline {
		logPacer, trailPacer, globalPacer = nil, nil, nil
	}
	scene := &Scene{
		Scope: scope, Window: window,
		balancers: albdiag.NewDirectory(scope.Clients.ELB, source, window),
		databases: rdsdiag.NewDirectory(scope.Clients.RDS, source, window),
		services: ecsdiag.NewDirectory(scope.Clients.ECS, window,
			ecsdiag.WithMetrics(source), ecsdiag.WithDeployments(scope.Clients.ECS),
			ecsdiag.WithStateChanges(scope.StoppedTasks)),
		network:  ec2diag.NewNetwork(scope.Clients.EC2, window),
		source:   source,
		trail:    changes.NewTrail(scope.Clients.CloudTrail, window, changes.WithPacer(trailPacer)),
		pacer:    logPacer,
		alarms:   metrics.NewAlarms(scope.Clients.CloudWatch, window),
		subjects: map[diag.Resource]diag.Subject{}, begun: map[[2]string]bool{},
		loggers: map[string][]diag.Resource{},
	}
	if scope.Clients.GlobalTrail != nil {
		scene.globals = changes.NewTrail(scope.Clients.GlobalTrail, window, changes.GlobalOnly(),
			changes.WithPacer(globalPacer))
	}
	scene.policies = &policies.Reader{Secrets: scope.Clients.Secrets, Keys: scope.Clients.KMS,
		Repositories: scope.Clients.ECR, Account: scope.Account}
	if scope.Clients.Health != nil {
		scene.health = health.NewEvents(scope.Clients.Health, scope.Region, window)
	}
	if scope.Clients.IAM != nil {
		scene.roles = access.NewDirectory(scope.Clients.IAM, window)
		scene.policies.Roles = scene.roles
	}
	return scene
}

// subject returns the subject of a type and id, making it at the first time.
func subject[S diag.Subject](s *Scene, typ, id string, create func() S) S {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := diag.Resource{Type: typ, ID: id}
	if known, ok := s.subjects[key]; ok {
		return known.(S)
	}
	made := create()
	s.subjects[key] = made
	return made
}

// first reports that a part of something is examined for the first time, and remembers it.
func (s *Scene) first(part, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{part, id}
	again := s.begun[key]
	s.begun[key] = true
	return !again
}

// LoadBalancer returns the load balancer of a resource.
func (s *Scene) LoadBalancer(r diag.Resource) *albdiag.LoadBalancer {
	return s.balancers.LoadBalancer(cmp.Or(r.ARN, r.ID))
}

// TargetGroup returns the target group of a resource.
func (s *Scene) TargetGroup(r diag.Resource) *albdiag.TargetGroup {
	return s.balancers.TargetGroup(cmp.Or(r.ARN, r.ID))
}

// Service returns the ECS service of a resource, whose id is cluster/service.
func (s *Scene) Service(r diag.Resource) *ecsdiag.Service {
	cluster, name, _ := strings.Cut(r.ID, "/")
	return s.services.Service(cluster, name)
}

// Cluster returns the ECS cluster of a resource.
func (s *Scene) Cluster(r diag.Resource) *ecsdiag.Cluster {
	return subject(s, typeCluster, r.ID, func() *ecsdiag.Cluster {
		return s.services.Cluster(s.Scope.Clients.ECS, r.ID)
	})
}

// Task returns the ECS task of a resource. Its cluster is in the ARN; without one it is the default cluster.
func (s *Scene) Task(r diag.Resource) *ecsdiag.Task {
	return subject(s, typeTask, r.ID, func() *ecsdiag.Task {
		cluster := "default"
		if parts := strings.Split(r.ARN, "/"); len(parts) == 3 {
			cluster = parts[1]
		}
		return s.services.Task(cluster, r.ID)
	})
}

// TaskDefinition returns the task definition of a resource.
func (s *Scene) TaskDefinition(r diag.Resource) *ecsdiag.TaskDefinition {
	return subject(s, typeTaskDefinition, r.ID, func() *ecsdiag.TaskDefinition {
		return s.services.TaskDefinition(cmp.Or(r.ARN, r.ID))
	})
}

// LogGroup returns the log group of a resource.
func (s *Scene) LogGroup(r diag.Resource) *logs.Group {
	return subject(s, typeLogGroup, r.ID, func() *logs.Group {
		return logs.NewGroup(s.Scope.Clients.Logs, r.ID, s.Window, logs.WithARN(r.ARN), logs.WithPacer(s.pacer),
			logs.WithMaker(func(ctx context.Context) (bool, error) { return s.makesLogGroup(ctx, r.ID) }))
	})
}

// file keeps a path under the resource that names it, for the walk to come to.
func (s *Scene) file(p *ec2diag.Path) {
	subject(s, typePath, p.Resource().ID, func() *ec2diag.Path { return p })
}

// filed returns what was filed under a resource, nil if nothing was: an [ec2diag.Path] or an [ec2diag.Egress].
func (s *Scene) filed(r diag.Resource) diag.Subject {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.subjects[diag.Resource{Type: r.Type, ID: r.ID}]
}

// Instance returns the EC2 instance of a resource.
func (s *Scene) Instance(r diag.Resource) *ec2diag.Instance {
	return subject(s, typeInstance, r.ID, func() *ec2diag.Instance {
		return s.equip(ec2diag.NewInstance(s.Scope.Clients.EC2, r.ID, s.Window))
	})
}

// Subnet returns the subnet of a resource.
func (s *Scene) Subnet(r diag.Resource) *ec2diag.Subnet {
	return subject(s, typeSubnet, r.ID, func() *ec2diag.Subnet { return ec2diag.NewSubnet(s.network, r.ID) })
}
