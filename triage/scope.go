package triage

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	awshealth "github.com/aws/aws-sdk-go-v2/service/health"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/pi"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/xray"

	"github.com/awsdiag/awsdiag/albdiag"
	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/health"
	"github.com/awsdiag/awsdiag/diag/images"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/probe"
	"github.com/awsdiag/awsdiag/diag/scaling"
	"github.com/awsdiag/awsdiag/diag/secrets"
	"github.com/awsdiag/awsdiag/diag/traces"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/ssmdiag"
)

// Scope is one account and region, and the clients that read it.
type Scope struct {
	// Account is the twelve-digit account id.
	Account string
	// Region is the region's code, such as "eu-west-1".
	Region string
	// Clients read the account in the region.
	Clients Clients
	// StoppedTasks are tasks that ECS may have forgotten, as it does after about an hour, from archived "ECS Task State
	// Change" events: see [ecsdiag.ReadTaskStateChanges]. Those of other services and times are left aside.
	StoppedTasks []ecstypes.Task
	// Offline says that the clients answer from memory, as those of a saved world do: there is no quota to keep to, so that
	// reads of logs and of CloudTrail need not wait for each other.
	Offline bool
}

// Clients are the AWS clients of one scope, real ones or fakes. One that is nil leaves out what it would read.
type Clients struct {
	ELB        ELB
	ECS        ECS
	EC2        EC2
	Logs       Logs
	CloudWatch CloudWatch
	CloudTrail changes.LookupAPI
	// GlobalTrail is CloudTrail in us-east-1, where IAM, Route 53, CloudFront and other global services file their events
	// ("Global service events", AWS CloudTrail User Guide). It is asked only where a role or a name is among the suspects.
	// Nil in a scope of us-east-1 itself, whose own trail holds them.
	GlobalTrail changes.LookupAPI
	SSM         SSM
	RDS         rdsdiag.DirectoryAPI
	// PerformanceInsights is asked what the sessions of a database wait for: where it is enabled and the question is how a
	// database fares, or where its load is above its processors. It returns statements, without their values.
	PerformanceInsights rdsdiag.LoadAPI
	ECR                 ECR
	Secrets             Secrets
	KMS                 policies.KeyAPI
	Scaling             Scaling
	// AutoScaling reads the Auto Scaling groups of EC2 instances; Scaling is Application Auto Scaling.
	AutoScaling ec2diag.ScalingGroupAPI
	IAM         IAM
	// XRay is read where tasks send traces, and requests fail or are slow.
	XRay traces.TraceAPI
	// Health is AWS Health, whose client must be made for us-east-1.
	Health health.EventAPI
	ACM    albdiag.CertificateAPI
	// Probe asks endpoints from where the program runs. [NewScope] leaves it out: set [probe.Local] to have a symptom's
	// URL looked up, connected to and asked for.
	Probe probe.Network
}

// IAM is what the roles are read from.
type IAM interface {
	access.RoleAPI
	access.ProfileAPI
	GetServerCertificate(context.Context, *iam.GetServerCertificateInput,
		...func(*iam.Options)) (*iam.GetServerCertificateOutput, error)
}

// CloudWatch is what metrics and alarms are read from.
type CloudWatch interface {
	metrics.API
	metrics.AlarmAPI
}

// SSM is what managed nodes, session preferences and parameters are read from.
type SSM interface {
	ssmdiag.CommandsAPI
	ssmdiag.NodeAPI
	ssmdiag.PreferencesAPI
	ssmdiag.ParameterAPI
}

// Scaling is what the walk reads from Application Auto Scaling.
type Scaling interface {
	scaling.TargetAPI
	scaling.PolicyAPI
}

// ECR is what images and the policies of their repositories are read from.
type ECR interface {
	images.ImageAPI
	policies.RepositoryAPI
}

// Secrets is what secrets and their policies are read from; never a value.
type Secrets interface {
	secrets.SecretAPI
	policies.SecretAPI
}

// ELB is what the load-balancer subjects read from.
type ELB interface {
	albdiag.LoadBalancerAPI
	albdiag.TargetGroupAPI
}

// ECS is what the ECS subjects read from.
type ECS interface {
	ecsdiag.DirectoryAPI
	ecsdiag.ClusterAPI
	ecsdiag.DeploymentAPI
	ecsdiag.CapacityAPI
}

// EC2 is what the instance and network subjects read from.
type EC2 interface {
	ec2diag.ContainerHostAPI
	ec2diag.NetworkAPI
	ec2diag.ResolverAPI
}

// Logs is what the log subjects read from.
type Logs interface {
	logs.GroupAPI
}

// String returns account and region.
func (s Scope) String() string {
	return "account " + cmp.Or(s.Account, "unknown") + " in " + cmp.Or(s.Region, "an unknown region")
}

func (s Scope) place() diag.Scope { return diag.Scope{Account: s.Account, Region: s.Region} }

// ScopeOptions change how [NewScope] makes its clients.
type ScopeOptions struct {
	// CloudWatch changes the CloudWatch client, for a server that does not speak the SDK's protocol.
	CloudWatch []func(*cloudwatch.Options)
}

// NewScope makes the scope of an SDK configuration and asks STS which account it is. Guard the configuration with
// package guard first: nothing here needs more than reads, but only a guard proves it.
//
// A configuration without a region gives an error of [diag.KindInvalid]; one whose credentials are missing or refused,
// of the kind that STS gave.
func NewScope(ctx context.Context, cfg aws.Config, options ...func(*ScopeOptions)) (Scope, error) {
	var o ScopeOptions
	for _, option := range options {
		option(&o)
	}
	if cfg.Region == "" {
		return Scope{}, diag.Errorf(diag.KindInvalid, "no region: name one, such as eu-west-1")
	}
	identity, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Scope{}, diag.Errorf(cmp.Or(diag.KindOf(err), diag.KindOther), "asking STS in %s who the caller is: %w",
			cfg.Region, err)
	}
	scope := Scope{Account: aws.ToString(identity.Account), Region: cfg.Region, Clients: Clients{
		ELB:         elasticloadbalancingv2.NewFromConfig(cfg),
		ECS:         ecs.NewFromConfig(cfg),
		EC2:         ec2.NewFromConfig(cfg),
		Logs:        cloudwatchlogs.NewFromConfig(cfg),
		CloudWatch:  cloudwatch.NewFromConfig(cfg, o.CloudWatch...),
		CloudTrail:  cloudtrail.NewFromConfig(cfg),
		SSM:         ssm.NewFromConfig(cfg),
		RDS:         rds.NewFromConfig(cfg),
		ECR:         ecr.NewFromConfig(cfg),
		Secrets:     secretsmanager.NewFromConfig(cfg),
		Scaling:     applicationautoscaling.NewFromConfig(cfg),
		AutoScaling: autoscaling.NewFromConfig(cfg),
		IAM:         iam.NewFromConfig(cfg),
		ACM:         acm.NewFromConfig(cfg),
		KMS:         kms.NewFromConfig(cfg),
	}}
	if home := homeOfGlobals(cfg.Region); home != cfg.Region {
		scope.Clients.GlobalTrail = cloudtrail.NewFromConfig(cfg, func(o *cloudtrail.Options) { o.Region = home })
	}
	scope.Clients.XRay = xray.NewFromConfig(cfg)
	scope.Clients.PerformanceInsights = pi.NewFromConfig(cfg)
	if home := homeOfHealth(cfg.Region); home != "" {
		scope.Clients.Health = awshealth.NewFromConfig(cfg, func(o *awshealth.Options) { o.Region = home })
	}
	return scope, nil
}

// homeOfHealth is the region of the active endpoint of AWS Health for a region's partition ("AWS Health endpoints and
// quotas"); "" for one of which that is not known here.
func homeOfHealth(region string) string {
	switch {
	case strings.HasPrefix(region, "us-gov-"):
		return "us-gov-west-1"
	case strings.HasPrefix(region, "cn-"):
		return "cn-northwest-1"
	case strings.Contains(region, "-iso"), strings.HasPrefix(region, "eusc-"):
		return ""
	}
	return "us-east-1"
}

// homeOfGlobals is the region in which the global services of a region's partition file their events; the region itself
// in a partition of which that is not documented ("Global service events", AWS CloudTrail User Guide).
func homeOfGlobals(region string) string {
	switch {
	case strings.HasPrefix(region, "us-gov-"):
		return "us-gov-west-1"
	case strings.HasPrefix(region, "cn-"), strings.Contains(region, "-iso"), strings.HasPrefix(region, "eusc-"):
		return region
	}
	return "us-east-1"
}
