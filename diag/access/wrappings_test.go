package access

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const denied = "User: arn:aws:sts::111122223333:assumed-role/orders-execution/4f1c is not authorized to perform: " +
	"secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf " +
	"because no identity-based policy allows the secretsmanager:GetSecretValue action"

// wrappings are what SDKs and tools put around the message of IAM.
var wrappings = []struct{ name, text string }{
	{"bare", "%s"},
	{"AWS CLI", "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: %s"},
	{"Python", "botocore.exceptions.ClientError: An error occurred (AccessDeniedException) when calling the " +
		"GetSecretValue operation: %s"},
	{"Go", "operation error Secrets Manager: GetSecretValue, https response error StatusCode: 400, RequestID: 7c1f, " +
		"api error AccessDeniedException: %s"},
	{"Go, first version", "AccessDeniedException: %s\n\tstatus code: 400, request id: 7c1f"},
	{"JavaScript", "AccessDeniedException: %s\n    at throwDefaultError " +
		"(/app/node_modules/@smithy/smithy-client/index.js:388:20)"},
	{"Java", "software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException: %s (Service: " +
		"SecretsManager, Status Code: 400, Request ID: 7c1f)"},
	{"Terraform", "│ Error: reading Secrets Manager Secret\n│ \n│ api error AccessDeniedException: %s\n╵"},
	{"ECS", "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval " +
		"failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret " +
		"from secrets manager: AccessDeniedException: %s status code: 400, request id: 7c1f"},
	{"JSON", `{"level":"error","msg":"%s"}`},
}

func TestWrappings(t *testing.T) {
	for _, w := range wrappings {
		t.Run(w.name, func(t *testing.T) {
			d, ok := ParseDenial(strings.ReplaceAll(w.text, "%s", denied))
			require.True(t, ok)
			assert.Equal(t, Denial{
				Action:    "secretsmanager:GetSecretValue",
				Resource:  "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-AbCdEf",
				Principal: "arn:aws:sts::111122223333:assumed-role/orders-execution/4f1c",
				Role:      "orders-execution", Account: "111122223333", Kind: ImplicitIdentity,
			}, d)
		})
	}
}

// TestReasons: the kinds in the words of IAM ("Troubleshoot access denied error messages", IAM User Guide).
func TestReasons(t *testing.T) {
	for reason, want := range map[string]DenialKind{
		"because no identity-based policy allows the %s action":                 ImplicitIdentity,
		"because no permissions boundary allows the %s action":                  ImplicitBoundary,
		"because no session policy allows the %s action":                        ImplicitSession,
		"because no resource-based policy allows the %s action":                 ImplicitResource,
		"because no VPC endpoint policy allows the %s action":                   ImplicitVPCE,
		"because no service control policy allows the %s action":                ImplicitSCP,
		"because no resource control policy allows the %s action":               ImplicitRCP,
		"with an explicit deny in an identity-based policy":                     ExplicitIdentity,
		"with an explicit deny in a permissions boundary":                       ExplicitBoundary,
		"with an explicit deny in a session policy":                             ExplicitSession,
		"with an explicit deny in a resource-based policy":                      ExplicitResource,
		"with an explicit deny in a service control policy":                     ExplicitSCP,
		"with an explicit deny in a resource control policy":                    ExplicitRCP,
		"with an explicit deny in a VPC endpoint policy":                        ExplicitVPCE,
		"Encoded authorization failure message: AbCdEfGhIjKlMnOpQrStUvWxYz0123": Encoded,
		"": Unspecified,
	} {
		d, ok := ParseDenial("User: arn:aws:iam::111122223333:user/ci is not authorized to perform: s3:PutObject " +
			strings.ReplaceAll(reason, "%s", "s3:PutObject"))
		require.True(t, ok, reason)
		assert.Equal(t, want, d.Kind, reason)
		assert.Equal(t, strings.Contains(reason, "explicit"), d.Explicit, reason)
	}
}

func TestNoDenial(t *testing.T) {
	for _, text := range []string{
		"", "GET /authorized 200", `FATAL: password authentication failed for user "app"`, "user logged in",
		"permission check passed",
		"open /data/file: permission denied", "ThrottlingException: Rate exceeded",
	} {
		_, ok := ParseDenial(text)
		assert.False(t, ok, text)
	}
}
