package ec2diag_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// policyWorld is a private subnet that pulls images, with a policy on the gateway endpoint of Amazon S3.
func policyWorld(policy string) diagtest.World[*ec2diag.Egress] {
	return func() (*ec2diag.Egress, []diagfake.Fake) {
		c := edit(func(c *ec2fake.Client) { c.VPCEndpoints[0].PolicyDocument = aws.String(policy) })
		e := ec2diag.NewEgress(ec2diag.NewNetwork(c, window), c, ec2diag.EndIn(targetGroup, ec2diag.Location{
			Interfaces: []string{ec2fake.TaskA}, Subnets: []string{ec2fake.PrivateA},
		}), "eu-west-1",
			ec2diag.ImageServices()...)
		return e, []diagfake.Fake{c}
	}
}

const fullAccess = `{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`

const oneBucket = `{"Statement":{"Effect":"Allow","Principal":"*","Action":["s3:Get*","s3:PutObject"],"Resource":"arn:aws:s3:::app/*"}}`

func TestEndpointPolicyBlocks(t *testing.T) {
	for _, test := range []struct {
		name, policy string
		blocks       bool
	}{
		{"full access", fullAccess, false},
		{"none shown", "", false},
		{"not a policy", "not JSON", false},
		{"another bucket only", oneBucket, true},
		{"the bucket of layers", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject"],
			"Resource":["arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"]}]}`, false},
		{"the bucket of another region", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
			"Resource":["arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"]}]}`, true},
		{"another action", `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"}]}`, true},
		{"denied", `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
			{"Effect":"Deny","Principal":"*","Action":"s3:*","NotResource":"arn:aws:s3:::app/*"}]}`, true},
		{"denied on a condition", `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*",
			"Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}}]}`, false},
		{"all but others", `{"Statement":[{"Effect":"Allow","NotAction":"s3:Delete*","Resource":"*"}]}`, false},
	} {
		e, _ := policyWorld(test.policy)()
		report := diagtest.Run(t, e, ec2diag.EgressChecks()...)
		if !test.blocks {
			diagtest.Want(t, report)
			continue
		}
		f := diagtest.Only(t, report, "ec2.endpoint-policy-blocks")
		assert.Equal(t, "the policy of vpce-0s3, the way of subnet-0a1priv to s3, does not allow s3:GetObject on "+
			"arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*", f.Summary, test.name)
		assert.Equal(t, diag.Likely, f.Confidence)
	}
	diagtest.Conform(t, ec2diag.EndpointPolicyBlocks, diagtest.Worlds[*ec2diag.Egress]{
		Healthy: policyWorld(fullAccess), Broken: policyWorld(oneBucket),
	})
}

// TestEndpointPolicyOfAgents is that what is asked of an endpoint of Systems Manager depends on who asks: SSM Agent, or
// a task that reads its parameters.
func TestEndpointPolicyOfAgents(t *testing.T) {
	denied := `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},
		{"Effect":"Deny","Principal":"*","Action":"ssm:UpdateInstanceInformation","Resource":"*"}]}`
	c := edit(and(isolated(ec2diag.ManagementServices()...), func(c *ec2fake.Client) {
		the(c, ec2diag.SSM).PolicyDocument = aws.String(denied)
	}))
	report := diagtest.Run(t, egress(c, ec2diag.ManagementServices()...), ec2diag.EndpointPolicyBlocks)
	assert.Equal(t,
		"the policy of vpce-0ssm, the way of subnet-0a1priv to ssm, does not allow ssm:UpdateInstanceInformation",
		diagtest.Only(t, report, "ec2.endpoint-policy-blocks").Summary)
	diagtest.Want(t, diagtest.Run(t, egress(c, ec2diag.SSM), ec2diag.EndpointPolicyBlocks))
}
