package triage

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

// TestDecided is which changes become likely: those of the very document that a finding says refuses a call, shortly
// before.
func TestDecided(t *testing.T) {
	noticed := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	role := diag.Resource{Type: typeRole, ID: "worker"}
	vpce := diag.Resource{Type: typeVPCEndpoint, ID: "vpce-1"}
	bucket := diag.Resource{Type: "AWS::S3::Bucket", ID: "shop-invoices"}
	refused := func(code diag.Code, r diag.Resource, field, value string) diag.Finding {
		return diag.Finding{Code: code, Resource: r, Severity: diag.SeverityError,
			Evidence: []diag.Evidence{{Source: "kms:GetKeyPolicy", Field: field, Value: value}}}
	}
	fenced := refused("access.program-permission-missing", role, "PermissionsBoundary.PermissionsBoundaryArn",
		"arn:aws:iam::111122223333:policy/fence")
	denied := refused("access.program-permission-missing", role, "Statement", "the Deny statement No of policy limits")
	byBucket := refused("access.refused-elsewhere", role, "refused by", "explicit resource")
	byBucket.Summary = "the policy of bucket shop-invoices denies it"
	change := func(code diag.Code, r diag.Resource, before time.Duration, fields ...string) diag.Finding {
		c := diag.Finding{Code: code, Resource: r, Change: true, Confidence: diag.Possible, Since: noticed.Add(-before)}
		for i := 0; i+1 < len(fields); i += 2 {
			c.Evidence = append(c.Evidence, diag.Evidence{Field: "requestParameters." + fields[i], Value: fields[i+1]})
		}
		return c
	}
	policy := func(name string) diag.Resource { return diag.Resource{Type: "AWS::IAM::ManagedPolicy", ID: name} }
	other := diag.Resource{Type: typeRole, ID: "other"}
	acl := func(id string) diag.Resource { return diag.Resource{Type: "AWS::EC2::NetworkAcl", ID: id} }
	over := change("changes.permissions-boundary-changed", role, time.Hour)
	over.Until = noticed.Add(-30 * time.Minute)
	for _, c := range []struct {
		name    string
		trouble diag.Finding
		change  diag.Finding
		want    diag.Confidence
	}{
		{"boundary", fenced, change("changes.permissions-boundary-changed", role, time.Hour), diag.Likely},
		{"boundary of another role", fenced, change("changes.permissions-boundary-changed", other, time.Hour), diag.Possible},
		{"boundary, long before", fenced, change("changes.permissions-boundary-changed", role, 7*time.Hour), diag.Possible},
		{"boundary, after it", fenced, change("changes.permissions-boundary-changed", role, -time.Hour), diag.Possible},
		{"boundary, taken back", fenced, over, diag.Possible},
		{"policy that is the boundary", fenced, change("changes.policy-changed", policy("fence"), time.Hour), diag.Likely},
		{"another policy", fenced, change("changes.policy-changed", policy("ence"), time.Hour), diag.Possible},
		{"policy with the Deny", denied, change("changes.policy-changed", policy("limits"), time.Hour), diag.Likely},
		{"policy put with the Deny", denied, change("changes.role-policy-changed", role, time.Hour, "policyName", "limits"),
			diag.Likely},
		{"policy attached with the Deny", denied, change("changes.role-policy-changed", role, time.Hour, "policyArn",
			"arn:aws:iam::111122223333:policy/limits"), diag.Likely},
		{"another policy put", denied, change("changes.role-policy-changed", role, time.Hour, "policyName", "more"),
			diag.Possible},
		{"endpoint", refused("access.endpoint-policy-refuses", vpce, "x", "y"),
			change("changes.vpc-endpoint-changed", vpce, time.Hour, "policyDocument", "(not shown)"), diag.Likely},
		{"endpoint by the way to it", refused("ec2.endpoint-policy-blocks", vpce, "x", "y"),
			change("changes.vpc-endpoint-changed", vpce, time.Hour, "PolicyDocument", "(not shown)"), diag.Likely},
		{"endpoint by the message", refused("access.refused-elsewhere", role, "refused by", "implicit vpce"),
			change("changes.vpc-endpoint-changed", vpce, time.Hour, "resetPolicy", "true"), diag.Likely},
		{"subnets of the endpoint", refused("access.endpoint-policy-refuses", vpce, "x", "y"),
			change("changes.vpc-endpoint-changed", vpce, time.Hour, "removeSubnetId", "subnet-1"), diag.Possible},
		{"bucket", byBucket, change("changes.resource-policy-changed", bucket, time.Hour), diag.Likely},
		{"another bucket", byBucket, change("changes.resource-policy-changed", diag.Resource{Type: "AWS::S3::Bucket",
			ID: "shop-archive"}, time.Hour), diag.Possible},
		{"organization", refused("access.program-permission-missing", role,
			"OrganizationsDecisionDetail.AllowedByOrganizations", "false"),
			change("changes.organization-policy-changed", diag.Resource{Type: "AWS::Organizations::Policy", ID: "p-1"},
				time.Hour), diag.Likely},
		{"network ACL", refused("ec2.network-acl-blocks", acl("acl-1"), "x", "y"),
			change("changes.network-acl-changed", acl("acl-1"), time.Hour), diag.Likely},
		{"another network ACL", refused("ec2.network-acl-blocks", acl("acl-1"), "x", "y"),
			change("changes.network-acl-changed", acl("acl-2"), time.Hour), diag.Possible},
		{"table taken from a gateway endpoint", refused("ec2.gateway-endpoint-not-routed", diag.Resource{
			Type: "AWS::EC2::RouteTable", ID: "rtb-1"}, "x", "y"), change("changes.vpc-endpoint-changed", vpce, time.Hour,
			"RemoveRouteTableId", `{"content":"rtb-1","tag":1}`), diag.Likely},
		{"table given to a gateway endpoint", refused("ec2.gateway-endpoint-not-routed", diag.Resource{
			Type: "AWS::EC2::RouteTable", ID: "rtb-1"}, "x", "y"), change("changes.vpc-endpoint-changed", vpce, time.Hour,
			"AddRouteTableId", `{"content":"rtb-1","tag":1}`), diag.Possible},
		{"nothing that decides", refused("access.program-permission-missing", role, "policies", "none"),
			change("changes.role-policy-changed", role, time.Hour, "policyName", "limits"), diag.Possible},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := []diag.Finding{c.trouble, c.change}
			decided(found, noticed)
			assert.Equal(t, c.want, found[1].Confidence)
		})
	}
}

// TestLongRefused is what a log said all along, and what was refused beside.
func TestLongRefused(t *testing.T) {
	lacking := diag.Finding{Code: "access.program-permission-missing", Severity: diag.SeverityError, Summary: "role a"}
	told := diag.Finding{Code: "logs.access-denied", Severity: diag.SeverityInfo}
	since := diag.Finding{Code: "logs.access-denied", Severity: diag.SeverityWarning}
	command := diag.Finding{Code: "ssm.command-failed", Severity: diag.SeverityWarning, Summary: "User: arn:aws:sts::" +
		"111122223333:assumed-role/a/1 is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b/c"}
	slow := diag.Finding{Code: "alb.slow-responses", Severity: diag.SeverityError, Summary: "slow"}
	for _, c := range []struct {
		name string
		with []diag.Finding
		want diag.Severity
	}{
		{"all along", []diag.Finding{told, slow}, diag.SeverityInfo},
		{"lately", []diag.Finding{since}, diag.SeverityError},
		{"lately in another log", []diag.Finding{told, since}, diag.SeverityError},
		{"told by a command too", []diag.Finding{told, command}, diag.SeverityError},
		{"told by no log", []diag.Finding{slow}, diag.SeverityError},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := append([]diag.Finding{lacking}, c.with...)
			longRefused(found)
			assert.Equal(t, c.want, found[0].Severity)
		})
	}
}
