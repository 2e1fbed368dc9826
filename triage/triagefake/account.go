package triagefake

import (
	"time"

	"github.com/awsdiag/awsdiag/albdiag/albfake"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/access/policies/policiesfake"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/health/healthfake"
	"github.com/awsdiag/awsdiag/diag/images/imagesfake"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/diag/scaling/scalingfake"
	"github.com/awsdiag/awsdiag/diag/secrets/secretsfake"
	"github.com/awsdiag/awsdiag/diag/traces/tracesfake"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
	"github.com/awsdiag/awsdiag/ec2diag/groupfake"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
	"github.com/awsdiag/awsdiag/triage"
)

// Account is a fake account in one region. The zero value is an empty one. It must not be copied.
type Account struct {
	ID, Region string

	ELB        albfake.Client
	ECS        ecsfake.Client
	EC2        ec2fake.Client
	Logs       logsfake.Client
	CloudWatch metricsfake.Client
	CloudTrail changesfake.Client
	// GlobalTrail is CloudTrail in us-east-1, with the events of global services.
	GlobalTrail changesfake.Client
	SSM         ssmfake.Client
	RDS         rdsfake.Client
	Insights    rdsfake.Insights
	ECR         imagesfake.Client
	Secrets     secretsfake.Client
	Scaling     scalingfake.Client
	AutoScaling groupfake.Client
	IAM         accessfake.Client
	XRay        tracesfake.Client
	Health      healthfake.Client
	ACM         albfake.Certificates
	KMS         policiesfake.Keys

	// Unread counts the calls of a loaded world that no fake can answer with, by action: "dynamodb:DescribeTable".
	Unread map[string]int
}

// Scope returns the account as something to investigate.
func (a *Account) Scope() triage.Scope {
	return triage.Scope{Account: a.ID, Region: a.Region, Offline: true, Clients: triage.Clients{
		AutoScaling: &a.AutoScaling,
		ELB:         &a.ELB, ECS: &a.ECS, EC2: &a.EC2, Logs: &a.Logs, CloudWatch: &a.CloudWatch, CloudTrail: &a.CloudTrail,
		GlobalTrail: &a.GlobalTrail,
		SSM:         &a.SSM, RDS: &a.RDS, PerformanceInsights: &a.Insights, ECR: &a.ECR, Secrets: &a.Secrets,
		Scaling: &a.Scaling, IAM: &a.IAM, XRay: &a.XRay, Health: &a.Health, ACM: &a.ACM, KMS: &a.KMS,
	}}
}

// Fakes returns the fakes of all services by the IAM prefix of their actions, to make them misbehave or to read their
// calls.
func (a *Account) Fakes() map[string]diagfake.Fake {
	return map[string]diagfake.Fake{
		"autoscaling":          &a.AutoScaling,
		"elasticloadbalancing": &a.ELB, "ecs": &a.ECS, "ec2": &a.EC2, "logs": &a.Logs, "cloudwatch": &a.CloudWatch,
		"cloudtrail": &a.CloudTrail, "cloudtrail in us-east-1": &a.GlobalTrail, "ssm": &a.SSM, "rds": &a.RDS,
		"pi": &a.Insights, "ecr": &a.ECR,
		"secretsmanager": &a.Secrets, "application-autoscaling": &a.Scaling, "iam": &a.IAM, "xray": &a.XRay,
		"health": &a.Health, "acm": &a.ACM,
		"kms": &a.KMS,
	}
}

// Calls returns the calls of all services so far.
func (a *Account) Calls() []diagfake.Call {
	var calls []diagfake.Call
	for _, f := range a.Fakes() {
		calls = append(calls, f.Calls()...)
	}
	return calls
}

// Delay makes every call of every service take d.
func (a *Account) Delay(d time.Duration) {
	for _, f := range a.Fakes() {
		f.Delay(d)
	}
}
