package wire

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access"
	"github.com/awsdiag/awsdiag/diag/secrets"
)

// TestAccessOverTheWire reads roles, their policies, secrets and images as real deserialisers make them of what two
// servers answered. Moto's simulator fails without an API code, so that the policies are weighed here.
func TestAccessOverTheWire(t *testing.T) {
	now := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	window := diag.Last(3*time.Hour, now)
	for server, c := range map[string]struct {
		run       string
		simulated bool
		denied    access.Effect // of what the inline policy denies: ministack's simulator allows everything
		arn       string
	}{
		"moto":      {"14291", false, access.ExplicitDeny, "arn:aws:sts::123456789012:user/moto"},
		"ministack": {"14300", true, access.Allowed, "arn:aws:iam::123456789012:root"},
	} {
		t.Run(server, func(t *testing.T) {
			replay, err := Load(server)
			require.NoError(t, err)
			cfg := replay.Config()
			identity, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
			require.NoError(t, err)
			assert.Equal(t, c.arn, *identity.Arn)

			client := iam.NewFromConfig(cfg)
			arn, err := access.RoleOfProfile(t.Context(), client, "app-role-"+c.run)
			require.NoError(t, err)
			assert.Equal(t, "arn:aws:iam::123456789012:role/app-role-"+c.run, arn)
			role := access.NewRole(client, arn, window)
			trust, err := role.Trust(t.Context())
			require.NoError(t, err)
			assert.NotEmpty(t, trust.Statements)
			policies, err := role.Policies(t.Context())
			require.NoError(t, err)
			require.Len(t, policies, 3)
			assert.Equal(t, "inline1", policies[0].Name)
			assert.Equal(t, []string{"ssm:StartSession"}, []string(policies[0].Document.Statements[0].Actions))

			decided, err := role.Simulate(t.Context(), access.Question{Action: "s3:GetObject", Resource: "*"},
				access.Question{Action: "ssm:StartSession", Resource: "*"})
			assert.Equal(t, c.simulated, err == nil, "%v", err)
			require.Len(t, decided, 2)
			assert.Equal(t, access.Allowed, decided[0].Effect)
			assert.Equal(t, c.denied, decided[1].Effect)
			assert.Equal(t, c.simulated, decided[1].Simulated)

			secret, err := secrets.NewSecret(secretsmanager.NewFromConfig(cfg), "app/db-"+c.run, window).Describe(t.Context())
			require.NoError(t, err)
			assert.Equal(t, "app/db-"+c.run, *secret.Name)
			images, err := ecr.NewFromConfig(cfg).DescribeImages(t.Context(),
				&ecr.DescribeImagesInput{RepositoryName: aws.String("app-" + c.run)})
			require.NoError(t, err)
			require.Len(t, images.ImageDetails, 1)
			assert.Equal(t, []string{"v1"}, images.ImageDetails[0].ImageTags)
		})
	}
}
