package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/access/accessfake"
	"github.com/awsdiag/awsdiag/diag/access/policies"
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
	"access.node-permission-missing":     without("ssm:*"),
}

func TestConform(t *testing.T) {
	for _, check := range access.GrantChecks() {
		require.Contains(t, broken, check.Code)
		diagtest.Conform(t, check, diagtest.Worlds[*access.Grant]{Healthy: world(), Broken: world(broken[check.Code])})
	}
	diagtest.ReadOnly[access.RoleAPI](t)
	diagtest.ReadOnly[access.ProfileAPI](t)
	diagtest.ReadOnly[policies.SecretAPI](t)
	diagtest.ReadOnly[policies.KeyAPI](t)
	diagtest.ReadOnly[policies.RepositoryAPI](t)
}
