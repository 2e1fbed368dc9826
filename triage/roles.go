package triage

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/secrets"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
)

// typeGrant is what grants are filed under: one role may be needed for different things by different resources.
const typeGrant = "AWS::IAM::RolePolicy"

// grant files what something needs of a role for the walk to come to, and links to both.
func (s *Scene) grant(of diag.Resource, roleARN, as string, needs []access.Need,
	options ...access.GrantOption) []diag.Link {
	if roleARN == "" || len(needs) == 0 {
		return nil
	}
	role := s.roles.Role(roleARN)
	r := diag.Resource{Type: typeGrant, ID: of.String() + " " + as + " " + role.Name()}
	subject(s, typeGrant, r.ID, func() *access.Grant {
		return access.NewGrant(role, needs...).With(append(options, access.WithPolicies(s.policies))...)
	})
	return []diag.Link{{From: of, To: role.Resource(), Role: as}, {From: of, To: r, Role: as, Context: true},
		toGlobals(role.Resource())}
}

// grantPlan examines a grant that a bridge filed.
func grantPlan(s *Scene, r, _ diag.Resource) diag.Plan {
	if g, ok := s.filed(r).(*access.Grant); ok {
		return diag.On(g, access.GrantChecks()...)
	}
	return diag.Plan{}
}

// roleNeeds asks whether the roles of a service allow what its tasks need, where the symptom gives reason to: sessions
// fail, access is denied, or tasks failed to start.
func (s *Scene) roleNeeds() *diag.Survey[*ecsdiag.Service] {
	return &diag.Survey[*ecsdiag.Service]{
		Name: "triage.role-needs",
		Actions: slices.Concat(ecsdiag.ServiceSurvey.Actions, []string{"ecs:DescribeClusters", "ecs:DescribeTaskDefinition",
			"kms:DescribeKey", "secretsmanager:DescribeSecret", "ssm:DescribeParameters"}, endpointActions),
		Links: func(ctx context.Context, service *ecsdiag.Service) ([]diag.Link, error) {
			sessions := s.asks(ExecFails)
			starts, err := s.mayNotStart(ctx, service)
			if s.roles == nil || (!sessions && !starts) {
				return nil, err
			}
			definition, defErr := service.TaskDefinition(ctx)
			if defErr != nil || definition == nil {
				return nil, errors.Join(err, defErr)
			}
			var links []diag.Link
			if sessions {
				described, clusterErr := s.Cluster(diag.Resource{Type: typeCluster, ID: service.Cluster()}).Describe(ctx)
				err = errors.Join(err, clusterErr)
				role := aws.ToString(definition.TaskRoleArn)
				exec := ecsdiag.ExecNeedsOf(definition, described)
				key, keyErr := s.keyARN(ctx, exec.KMSKey, placeOf(role, s.Scope.Region))
				err = errors.Join(err, keyErr)
				needs := execNeeds(exec, key, placeOf(role, s.Scope.Region))
				links = append(links, s.grant(service.Resource(), role, "acts as", needs,
					s.beside(definition, access.TaskRole)...)...)
			}
			if starts {
				needs, needsErr := s.startingNeeds(ctx, service, definition)
				err = errors.Join(err, needsErr)
				role := aws.ToString(definition.ExecutionRoleArn)
				stopped, _ := service.StoppedTasks(ctx) // what is missing of them is told by the service's own checks
				refused := startRefusals(stopped, role)
				endpoints, ways, wayErr := s.refusedThrough(ctx, service.Resource(),
					func(ctx context.Context) (ec2diag.Location, error) {
						return locationOf(ctx, service)
					}, refused)
				err, links = errors.Join(err, wayErr), append(links, ways...)
				options := append(s.beside(definition, access.ExecutionRole), access.Told(refused...), access.Through(endpoints...))
				links = append(links, s.grant(service.Resource(), role, "starts as", needs, options...)...)
				links = append(links, s.decrypting(service.Resource(), needs)...)
				links = append(links, s.mounting(ctx, service, definition)...)
			}
			return links, err
		},
	}
}

// mounting asks whether the task role may mount the file systems that were denied to tasks of a service. What cannot be
// read of their ends is told by the service's own checks.
func (s *Scene) mounting(ctx context.Context, service *ecsdiag.Service, td *types.TaskDefinition) []diag.Link {
	role := aws.ToString(td.TaskRoleArn)
	if denied, _ := service.MountDenied(ctx); !denied || role == "" {
		return nil
	}
	var arns []string
	for _, id := range ecsdiag.RoleMounts(td) {
		arns = append(arns, named(placeOf(role, s.Scope.Region), "elasticfilesystem", "file-system/"+id))
	}
	if len(arns) == 0 {
		return nil
	}
	return s.grant(service.Resource(), role, "mounts as", access.FileSystems(arns), s.beside(td, access.TaskRole)...)
}

// beside tells a grant which role of its task definition it is about, and the other one.
func (s *Scene) beside(td *types.TaskDefinition, is access.Slot) []access.GrantOption {
	other := aws.ToString(td.TaskRoleArn)
	if is == access.TaskRole {
		other = aws.ToString(td.ExecutionRoleArn)
	}
	if other == "" {
		return nil
	}
	return []access.GrantOption{access.BesideRole(is, s.roles.Role(other))}
}

// mayNotStart reports that permissions may keep the tasks of a service from starting: starting is what the question is
// about, or ECS says that something was refused.
func (s *Scene) mayNotStart(ctx context.Context, service *ecsdiag.Service) (bool, error) {
	if s.asks(AccessDenied) || refusedToStart(ctx, service, s.Window) {
		return true, nil
	}
	if s.asks(TasksStopping, TasksPending, DeploymentStuck) {
		return failedToStart(ctx, service)
	}
	return false, nil
}

// refusedToStart reads the reasons of tasks that did not start, and the events of a service, which alone tell of tasks
// that never were: ECS could not assume a role. What cannot be read is told by the service's own checks.
func refusedToStart(ctx context.Context, service *ecsdiag.Service, window diag.Window) bool {
	stopped, _ := service.StoppedTasks(ctx)
	events, _ := service.Events(ctx)
	return slices.ContainsFunc(stopped, func(t ecsdiag.StoppedTask) bool {
		_, ok := access.ParseDenial(aws.ToString(t.StoppedReason))
		return ok && t.StopCode == types.TaskStopCodeTaskFailedToStart
	}) || slices.ContainsFunc(events, func(e types.ServiceEvent) bool {
		_, ok := access.ParseDenial(aws.ToString(e.Message))
		return ok && e.CreatedAt != nil && window.Contains(*e.CreatedAt)
	})
}

// placeOf is where a role's account keeps its resources in a region: an ARN without service and resource.
func placeOf(roleARN, region string) arn.ARN {
	a, err := arn.Parse(roleARN)
	if err != nil {
		return arn.ARN{}
	}
	return arn.ARN{Partition: a.Partition, AccountID: a.AccountID, Region: region}
}

func named(at arn.ARN, service, resource string) string {
	at.Service, at.Resource = service, resource
	return at.String()
}

// execNeeds turns what sessions touch into needs.
func execNeeds(n ecsdiag.ExecNeeds, key string, at arn.ARN) []access.Need {
	targets := access.ExecTargets{Key: key, CheckBucket: n.EncryptedBucket}
	if n.LogGroup != "" {
		targets.LogGroup = named(at, "logs", "log-group:"+n.LogGroup)
	}
	if n.Bucket != "" {
		targets.Bucket = arn.ARN{Partition: at.Partition, Service: "s3", Resource: n.Bucket}.String()
	}
	return access.ExecSession(targets)
}

// startingNeeds are what the execution role is needed for ("Amazon ECS task execution IAM role"). On EC2 the role of
// the host pulls images and writes logs.
func (s *Scene) startingNeeds(ctx context.Context, service *ecsdiag.Service,
	td *types.TaskDefinition) ([]access.Need, error) {
	at := placeOf(aws.ToString(td.ExecutionRoleArn), s.Scope.Region)
	needs, err := s.secretNeeds(ctx, td, at)
	needs = append(needs, environmentFiles(td)...)
	onHosts, hostsErr := service.OnHosts(ctx)
	if hostsErr != nil || onHosts {
		return needs, errors.Join(err, hostsErr)
	}
	for _, c := range td.ContainerDefinitions {
		if i := ecsdiag.ParseImage(aws.ToString(c.Image)); i.Account != "" {
			registry := arn.ARN{Partition: at.Partition, Region: i.Region, AccountID: i.Account}
			needs = append(needs, access.ImagePull(named(registry, "ecr", "repository/"+i.Repository))...)
		}
	}
	for _, t := range ecsdiag.LogTargets(td) {
		of := at
		if t.Region != "" {
			of.Region = t.Region
		}
		needs = append(needs, access.LogDelivery(named(of, "logs", "log-group:"+t.Group), t.CreateGroup)...)
	}
	return needs, err
}

// environmentFiles are the needs of the environment files of a task definition.
func environmentFiles(td *types.TaskDefinition) []access.Need {
	var needs []access.Need
	seen := map[string]bool{}
	for _, c := range td.ContainerDefinitions {
		for _, f := range c.EnvironmentFiles {
			if object := aws.ToString(f.Value); strings.HasPrefix(object, "arn:") && !seen[object] {
				seen[object] = true
				needs = append(needs, access.EnvironmentFile(object)...)
			}
		}
	}
	return needs
}

// secretNeeds are the secrets and parameters of a task definition.
func (s *Scene) secretNeeds(ctx context.Context, td *types.TaskDefinition, at arn.ARN) ([]access.Need, error) {
	from := valuesFrom(td)
	var group sync.WaitGroup
	ofSecrets, errs := make([][]access.Need, len(from)), make([]error, len(from)+1)
	var parameters []string
	for i, from := range from {
		switch {
		case strings.Contains(from, ":secretsmanager:"):
			group.Go(func() {
				secret, key, err := s.secretKey(ctx, from, at)
				ofSecrets[i], errs[i] = access.SecretRead(secret, key), err
			})
		case strings.HasPrefix(from, "arn:"):
			parameters = append(parameters, from)
		default:
			parameters = append(parameters, named(at, "ssm", "parameter/"+strings.TrimPrefix(from, "/")))
		}
	}
	keys, err := s.parameterKeys(ctx, parameters, at)
	errs[len(from)] = err
	group.Wait()
	needs := slices.Concat(ofSecrets...)
	for _, p := range parameters {
		needs = append(needs, access.ParameterRead(p, keys[p])...)
	}
	return needs, errors.Join(errs...)
}

// valuesFrom lists what the containers of a task definition get delivered, each once.
func valuesFrom(td *types.TaskDefinition) []string {
	var all []string
	for _, c := range td.ContainerDefinitions {
		list := slices.Clone(c.Secrets)
		if c.LogConfiguration != nil {
			list = append(list, c.LogConfiguration.SecretOptions...)
		}
		for _, secret := range list {
			all = append(all, aws.ToString(secret.ValueFrom))
		}
		if c.RepositoryCredentials != nil {
			all = append(all, aws.ToString(c.RepositoryCredentials.CredentialsParameter))
		}
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(from string) bool { return from == "" })
}

// secretKey returns the full ARN of a secret and that of the key of the customer's own that encrypts it. A secret that
// does not exist is for its own check to tell.
func (s *Scene) secretKey(ctx context.Context, from string, at arn.ARN) (secret, key string, err error) {
	if s.Scope.Clients.Secrets == nil {
		return from, "", nil
	}
	described, err := s.secret(from).Describe(ctx)
	switch {
	case diag.KindOf(err) == diag.KindNotFound:
		return from, "", nil
	case err != nil || described.ARN == nil:
		return from, "", err
	}
	key, err = s.keyARN(ctx, aws.ToString(described.KmsKeyId), at)
	return *described.ARN, key, err
}

// secret returns the secret that a reference names.
func (s *Scene) secret(ref string) *secrets.Secret {
	made := secrets.NewSecret(s.Scope.Clients.Secrets, ref, s.Window)
	return subject(s, typeSecret, made.Resource().ID, func() *secrets.Secret { return made })
}
