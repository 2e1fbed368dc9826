package access_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

const who = "User: arn:aws:sts::111122223333:assumed-role/orders/1 is not authorized to perform: "

// told makes a sound role of which messages say what they refused it.
func told(messages ...string) *access.Grant {
	grant, _ := world()()
	for _, m := range messages {
		d, _ := access.ParseDenial(m)
		grant.With(access.Told(d))
	}
	return grant
}

// TestRefusedByResource is which policy of a resource a message blames, and the command that shows it.
func TestRefusedByResource(t *testing.T) {
	const denies, allowsNot = " with an explicit deny in a resource-based policy",
		" because no resource-based policy allows the action"
	for _, c := range []struct{ name, message, summary, command string }{
		{"bucket", "s3:PutObject on resource: \"arn:aws:s3:::shop-invoices/2026/1.pdf\"" + denies,
			"s3:PutObject on shop-invoices/2026/1.pdf: the policy of bucket shop-invoices denies it",
			"aws s3api get-bucket-policy --query Policy --output text --bucket shop-invoices"},
		{"queue of another account", "sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:444455556666:jobs" +
			" because no resource-based policy allows the sqs:SendMessage action",
			"sqs:SendMessage on jobs: the policy of queue jobs in account 444455556666 does not allow it",
			"aws sqs get-queue-attributes --attribute-names Policy --queue-url " +
				"$(aws sqs get-queue-url --query QueueUrl --output text --queue-name jobs)"},
		{"topic", "SNS:Publish on resource: arn:aws:sns:eu-west-1:111122223333:paid" + denies,
			"SNS:Publish on paid: the policy of topic paid denies it", "aws sns get-topic-attributes " +
				"--query Attributes.Policy --output text --topic-arn arn:aws:sns:eu-west-1:111122223333:paid"},
		{"table and its index", "dynamodb:Query on resource: " +
			"arn:aws:dynamodb:eu-west-1:111122223333:table/carts/index/by-day" + denies,
			"dynamodb:Query on table/carts/index/by-day: the policy of table carts denies it",
			"aws dynamodb get-resource-policy --resource-arn arn:aws:dynamodb:eu-west-1:111122223333:table/carts"},
		{"function", "lambda:InvokeFunction on resource: arn:aws:lambda:eu-west-1:111122223333:function:quote:live" + denies,
			"lambda:InvokeFunction on function:quote:live: the policy of function quote denies it",
			"aws lambda get-policy --query Policy --output text --function-name quote"},
		{"what has no name", "s3:ListAllMyBuckets" + denies, "s3:ListAllMyBuckets: the policy of the bucket denies it", ""},
		{"a key of another account", "kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:444455556666:key/2d4fd0a1" +
			" because no resource-based policy allows the kms:GenerateDataKey action",
			"kms:GenerateDataKey on key 2d4fd0a1: the policy of KMS key 2d4fd0a1 in account 444455556666 does not allow it",
			"aws kms get-key-policy --query Policy --output text --key-id arn:aws:kms:eu-west-1:444455556666:key/2d4fd0a1"},
		{"a secret of another account", "secretsmanager:GetSecretValue on resource: " +
			"arn:aws:secretsmanager:eu-west-1:444455556666:secret:shop/db-aBcDeF" + denies,
			"secretsmanager:GetSecretValue on secret shop/db-aBcDeF: the policy of secret shop/db-aBcDeF in account " +
				"444455556666 denies it", "aws secretsmanager get-resource-policy --query ResourcePolicy --output text " +
				"--secret-id arn:aws:secretsmanager:eu-west-1:444455556666:secret:shop/db-aBcDeF"},
		{"an own key", "kms:Decrypt on resource: arn:aws:kms:eu-west-1:111122223333:key/2d4fd0a1" + denies, "", ""},
		{"a secret, which is read", "secretsmanager:GetSecretValue on resource: " +
			"arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-aBcDeF" + denies, "", ""},
		{"another kind", "s3:PutObject on resource: \"arn:aws:s3:::shop-invoices/1\" because no identity-based policy " +
			"allows the s3:PutObject action", "", ""},
		{"no words of a policy", "s3:PutObject on resource: \"arn:aws:s3:::shop-invoices/1\"" + allowsNot[:0], "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, told(who+c.message), access.RefusedElsewhere)
			if c.summary == "" {
				diagtest.Want(t, report)
				return
			}
			f := diagtest.Only(t, report, "access.refused-elsewhere")
			require.Equal(t, "role orders was refused "+c.summary+", as the message of AWS says", f.Summary)
			require.Equal(t, c.command, f.NextSteps[0].Command)
			by, _, ok := access.DecidedBy(f)
			require.True(t, ok)
			require.Equal(t, access.DecidedByResource, by)
		})
	}
}

// TestRefusedByOneResource is one finding for all that one policy refused.
func TestRefusedByOneResource(t *testing.T) {
	put := func(key string) string {
		return who + "s3:PutObject on resource: \"arn:aws:s3:::shop-invoices/" + key + "\" with an explicit deny in a " +
			"resource-based policy"
	}
	f := diagtest.Only(t, diagtest.Run(t, told(put("1"), put("2"), put("3")), access.RefusedElsewhere),
		"access.refused-elsewhere")
	require.Equal(t, "role orders was refused s3:PutObject on shop-invoices/1 and 2 more: the policy of bucket "+
		"shop-invoices denies it, as the message of AWS says", f.Summary)
	require.Equal(t, []diag.Related{{Resource: diag.Resource{Type: "AWS::S3::Bucket", ID: "shop-invoices",
		ARN: "arn:aws:s3:::shop-invoices"}, Role: "its policy refuses"}}, f.Related)
}

// TestForbidden is that a message decides that the organization refuses what IAM's simulator allows.
func TestForbidden(t *testing.T) {
	program := func() *diag.Check[*access.Grant] {
		for _, c := range access.GrantChecks() {
			if c.Code == "access.program-permission-missing" {
				return c
			}
		}
		return nil
	}()
	const item = "dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
	for _, c := range []struct {
		name, message string
		found         bool
	}{
		{"explicit", who + item + " with an explicit deny in a service control policy", true},
		{"implicit", who + item + " because no service control policy allows the dynamodb:PutItem action", true},
		{"named", who + item + " with an explicit deny in a service control policy: " +
			"arn:aws:organizations::444455556666:policy/o-1a2b3c4d5e/service_control_policy/p-9z8y7x6w", true},
		{"another resource", who + item + "s with an explicit deny in a service control policy", false},
		{"by an own policy", who + item + " with an explicit deny in an identity-based policy", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, told(c.message), program)
			if !c.found {
				diagtest.Want(t, report)
				return
			}
			f := diagtest.Only(t, report, "access.program-permission-missing")
			by, which, _ := access.DecidedBy(f)
			policy := "a service control policy"
			if c.name == "named" {
				policy = "service control policy p-9z8y7x6w"
				require.True(t, strings.HasSuffix(which, "/p-9z8y7x6w"), which)
				require.Equal(t, "aws organizations describe-policy --policy-id p-9z8y7x6w", f.NextSteps[0].Command)
			}
			require.Equal(t, "role orders may not use dynamodb:PutItem on table/orders, needed for the program: "+policy+
				" of the organization does not allow it", f.Summary)
			require.Equal(t, diag.Likely, f.Confidence)
			require.Equal(t, access.DecidedByOrganization, by)
		})
	}
}

// TestUntrusted is a role of another account that the own policies allow to assume, and that is refused for no reason.
func TestUntrusted(t *testing.T) {
	const abroad, home = "arn:aws:iam::444455556666:role/partner/read", "arn:aws:iam::111122223333:role/read"
	for _, c := range []struct {
		name, of, reason, summary string
	}{
		{"abroad", abroad, "", "role orders may not use sts:AssumeRole on role/partner/read, needed for the program: the " +
			"trust policy of role read in account 444455556666 does not allow it"},
		{"at home", home, "", ""},
		{"by an own policy", abroad, " because no identity-based policy allows the sts:AssumeRole action", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, _ := access.ParseDenial(who + "sts:AssumeRole on resource: " + c.of + c.reason)
			grant := grantOf(role(inline("assume", policy("Allow", "*", "sts:AssumeRole"))), access.Refused(d)...)
			var findings []diag.Finding
			for _, check := range access.GrantChecks() {
				if check.Code == "access.program-permission-missing" {
					findings = diagtest.Run(t, grant.With(access.Told(d)), check).Findings
				}
			}
			if c.summary == "" {
				require.Empty(t, findings)
				return
			}
			require.Len(t, findings, 1)
			require.Equal(t, c.summary, findings[0].Summary)
			require.Equal(t, diag.Likely, findings[0].Confidence)
			require.Equal(t, "aws iam get-role --query Role.AssumeRolePolicyDocument --role-name read",
				findings[0].NextSteps[0].Command)
		})
	}
}
