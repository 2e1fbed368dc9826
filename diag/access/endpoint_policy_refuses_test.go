package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

const (
	refusedPut = "User: arn:aws:sts::111122223333:assumed-role/orders/1 is not authorized to perform: s3:PutObject on " +
		"resource: arn:aws:s3:::shop/1.pdf "
	byEndpoint   = "because no VPC endpoint policy allows the s3:PutObject action"
	denyEndpoint = "with an explicit deny in a VPC endpoint policy"
)

// gated is a sound role whose call a message says was refused, and the endpoint of Amazon S3 with a policy.
func gated(reason, policy string) (*access.Grant, []diagfake.Fake) {
	grant, fakes := world()()
	d, _ := access.ParseDenial(refusedPut + reason)
	e := access.Endpoint{Resource: diag.Resource{Type: "AWS::EC2::VPCEndpoint", ID: "vpce-1"}, Service: "s3",
		Policy: policy}
	return grant.With(access.Told(d), access.Through(e)), fakes
}

func gatedWorld() (*access.Grant, []diagfake.Fake) {
	return gated(byEndpoint,
		`{"Statement":[{"Sid":"Layers","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::layers/*"}]}`)
}

// TestEndpointPolicyRefuses is what the policy of an endpoint is said to do with a call that a message says such a
// policy refused. Where it allows the call, the message alone stands.
func TestEndpointPolicyRefuses(t *testing.T) {
	for _, c := range []struct{ name, reason, policy, how string }{
		{"another resource", byEndpoint,
			`{"Statement":{"Sid":"Layers","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::layers/*"}}`,
			"its statement Layers allows it on arn:aws:s3:::layers/* only"},
		{"another action", byEndpoint,
			`{"Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject"],"Resource":"*"}]}`,
			"its only statement allows other actions only (s3:GetObject)"},
		{"another caller", byEndpoint,
			`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"*","Resource":"*"}]}`,
			"its only statement allows it to AWS:444455556666 only"},
		{"a condition", byEndpoint,
			`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}]}`,
			"its only statement allows it under conditions only"},
		{"a Deny", denyEndpoint,
			`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:Put*","Resource":"*"}]}`,
			"its statement 2 denies it"},
		{"a Deny under a condition", denyEndpoint,
			`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Sid":"Ours","Effect":"Deny","Principal":"*","Action":"*","Resource":"*",` +
				`"Condition":{"StringNotEquals":{"aws:ResourceOrgID":"o-1"}}}]}`,
			"its statement Ours denies it"},
		{"no Allow", byEndpoint, `{"Statement":[]}`, "none of its statements allows it"},
		{"allowed by now", byEndpoint, `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`, ""},
		{"no policy told", byEndpoint, ``, ""},
		{"no document", byEndpoint, `x`, ""},
		{"another kind of policy", "because no identity-based policy allows the s3:PutObject action", `{"Statement":[]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			grant, _ := gated(c.reason, c.policy)
			report := diagtest.Run(t, grant, access.EndpointPolicyRefuses)
			if c.how == "" {
				diagtest.Want(t, report)
				return
			}
			f := diagtest.Only(t, report, "access.endpoint-policy-refuses")
			require.Equal(t,
				"the policy of VPC endpoint vpce-1, the way to s3, refuses role orders s3:PutObject on shop/1.pdf: "+c.how,
				f.Summary)
			require.Equal(t, "vpce-1", f.Resource.ID)
			diagtest.Want(t, diagtest.Run(t, grant, access.RefusedElsewhere))
		})
	}
	grant, _ := gated(byEndpoint, `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`)
	diagtest.Only(t, diagtest.Run(t, grant, access.RefusedElsewhere), "access.refused-elsewhere")
}
