// Package accessfake is an IAM that lives in memory. The literal is the world, the zero value an empty account:
//
//	c := &accessfake.Client{Roles: []accessfake.Role{accessfake.TaskRole("orders-task")}}
//	c.Roles[0].Inline = map[string]string{"app": `{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`}
//
// The simulator gives the answers that were recorded from a real one, and weighs the policies of the world for all
// other questions.
package accessfake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Now is the "now" of what this package makes.
var Now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// Account is the account of what this package makes.
const Account = "111122223333"

// Client answers like IAM.
type Client struct {
	diagfake.Recorder
	Roles    []Role
	Policies []Policy
	Profiles []types.InstanceProfile
	// ServerCertificates are the certificates that were uploaded to IAM; certificates of ACM are not here.
	ServerCertificates []types.ServerCertificateMetadata
	// Organization is a service control policy that holds for all roles; empty for an account without organization.
	Organization string
	// Recorded are answers of a real simulator. They go before what the policies say.
	Recorded []Recorded
}

var (
	_ access.RoleAPI    = (*Client)(nil)
	_ access.ProfileAPI = (*Client)(nil)
	_ diagfake.Fake     = (*Client)(nil)
)

// Role is a role with its policies. Documents are JSON, plain or URL-encoded; they are given out URL-encoded.
type Role struct {
	types.Role
	// Inline are the documents of inline policies, by name.
	Inline map[string]string
	// Attached are the ARNs of managed policies.
	Attached []string
}

// Policy is a managed policy.
type Policy struct {
	types.Policy
	// Documents are its versions, by id: "v1".
	Documents map[string]string
}

// Recorded is one answer of a real simulator about a role.
type Recorded struct {
	// Role is the role's ARN.
	Role   string
	Result types.EvaluationResult
}

// RoleARN returns the ARN of a role that this package makes.
func RoleARN(name string) string { return "arn:aws:iam::" + Account + ":role/" + name }

// TaskRole is a role without policies that tasks of ECS may use.
func TaskRole(name string) Role { return role(name, "ecs-tasks.amazonaws.com") }

// InstanceRole is a role without policies that EC2 instances may use.
func InstanceRole(name string) Role { return role(name, "ec2.amazonaws.com") }

func role(name, service string) Role {
	return Role{Role: types.Role{
		Arn: aws.String(RoleARN(name)), RoleName: aws.String(name), Path: aws.String("/"),
		RoleId:     aws.String("AROA" + strings.ToUpper(name)),
		CreateDate: aws.Time(Now.Add(-1000 * time.Hour)), AssumeRolePolicyDocument: aws.String(Trust(service)),
	}}
}

// Trust is a trust policy that lets services in.
func Trust(services ...string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["%s"]},`+
		`"Action":"sts:AssumeRole"}]}`,
		strings.Join(services, `","`))
}

// Managed is a managed policy with one version.
func Managed(arn, document string) Policy {
	return Policy{Policy: types.Policy{Arn: aws.String(arn), PolicyName: aws.String(arn[strings.LastIndex(arn, "/")+1:]),
		DefaultVersionId: aws.String("v1")}, Documents: map[string]string{"v1": document}}
}

func (c *Client) role(name *string) (*Role, error) {
	i := slices.IndexFunc(c.Roles, func(r Role) bool { return aws.ToString(r.RoleName) == aws.ToString(name) })
	if i < 0 {
		return nil, missing("The role with name %s cannot be found.", aws.ToString(name))
	}
	return &c.Roles[i], nil
}

func (c *Client) policy(arn *string) (*Policy, error) {
	i := slices.IndexFunc(c.Policies, func(p Policy) bool { return aws.ToString(p.Arn) == aws.ToString(arn) })
	if i < 0 {
		return nil, missing("Policy %s was not found.", aws.ToString(arn))
	}
	return &c.Policies[i], nil
}

func missing(format string, args ...any) error {
	return &types.NoSuchEntityException{Message: aws.String(fmt.Sprintf(format, args...))}
}

// GetRole returns a role by name.
func (c *Client) GetRole(ctx context.Context, in *iam.GetRoleInput, _ ...func(*iam.Options)) (*iam.GetRoleOutput,
	error) {
	return diagfake.Serve(ctx, &c.Recorder, "iam:GetRole", in, func(in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
		r, err := c.role(in.RoleName)
		if err != nil {
			return nil, err
		}
		out := r.Role
		if out.AssumeRolePolicyDocument != nil {
			out.AssumeRolePolicyDocument = aws.String(encoded(*out.AssumeRolePolicyDocument))
		}
		return &iam.GetRoleOutput{Role: &out}, nil
	})
}

// GetInstanceProfile returns an instance profile by name.
func (c *Client) GetInstanceProfile(ctx context.Context, in *iam.GetInstanceProfileInput,
	_ ...func(*iam.Options)) (*iam.GetInstanceProfileOutput, error) {
	return diagfake.Serve(ctx, &c.Recorder, "iam:GetInstanceProfile", in,
		func(in *iam.GetInstanceProfileInput) (*iam.GetInstanceProfileOutput, error) {
			for i := range c.Profiles {
				if aws.ToString(c.Profiles[i].InstanceProfileName) == aws.ToString(in.InstanceProfileName) {
					return &iam.GetInstanceProfileOutput{InstanceProfile: &c.Profiles[i]}, nil
				}
			}
			return nil, missing("Instance Profile %s cannot be found.", aws.ToString(in.InstanceProfileName))
		})
}

// Profile is an instance profile that holds a role.
func Profile(name string, r Role) *types.InstanceProfile {
	return &types.InstanceProfile{InstanceProfileName: aws.String(name), Roles: []types.Role{r.Role},
		Arn: aws.String("arn:aws:iam::" + Account + ":instance-profile/" + name)}
}
