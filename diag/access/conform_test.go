package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// broken is the trouble of each check.
var broken = map[diag.Code]edit{
	"access.role-missing":                gone,
	"access.role-not-assumable":          trusts(accessfake.Trust("lambda.amazonaws.com")),
	"access.exec-permission-missing":     without("ssmmessages:*"),
	"access.image-permission-missing":    without("ecr:*"),
	"access.secret-permission-missing":   without("secretsmanager:*"),
	"access.log-permission-missing":      without("logs:*"),
	"access.env-file-permission-missing": func(c *accessfake.Client, r *accessfake.Role) { without("s3:*")(c, r) },
	"access.program-permission-missing":  without("dynamodb:*"),
	"access.database-permission-missing": without("rds-db:*"),
	"access.refused-elsewhere":           inline("unused", policy("Allow", "*", "none:x")),
	"access.endpoint-policy-refuses":     inline("unused", policy("Allow", "*", "none:x")),
	"access.node-permission-missing":     without("ssm:*"),
	"access.host-permission-missing":     without("ecs:*"),

	"access.file-system-permission-missing": without("elasticfilesystem:*"),
}

func TestConform(t *testing.T) {
	for _, check := range access.GrantChecks() {
		require.Contains(t, broken, check.Code)
		spoilt := world(broken[check.Code])
		if check.Code == "access.refused-elsewhere" {
			spoilt = toldWorld
		}
		if check.Code == "access.endpoint-policy-refuses" {
			spoilt = gatedWorld
		}
		diagtest.Conform(t, check, diagtest.Worlds[*access.Grant]{Healthy: world(), Broken: spoilt})
	}
	diagtest.ReadOnly[access.RoleAPI](t)
	diagtest.ReadOnly[access.ProfileAPI](t)
	diagtest.ReadOnly[policies.SecretAPI](t)
	diagtest.ReadOnly[policies.KeyAPI](t)
	diagtest.ReadOnly[policies.RepositoryAPI](t)
}

// toldWorld is a sound role of which a message says that the policy of an endpoint refuses it.
func toldWorld() (*access.Grant, []diagfake.Fake) {
	grant, fakes := world()()
	d, _ := access.ParseDenial("User: arn:aws:sts::111122223333:assumed-role/orders/1 is not authorized to perform: " +
		"s3:PutObject on resource: " +
		"arn:aws:s3:::shop/1.pdf because no VPC endpoint policy allows the s3:PutObject action")
	return grant.With(access.Told(d)), fakes
}
