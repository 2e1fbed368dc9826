package policies_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/diag/access/policies/policiesfake"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

const id = "7c1d22e4-90ab-4cf1-8e65-1b2a9f0d3c44"

func world(state types.KeyState) diagtest.World[*policies.Key] {
	return func() (*policies.Key, []diagfake.Fake) {
		c := &policiesfake.Keys{Keys: []policiesfake.Key{{ARN: policiesfake.ARN(id), State: state}}}
		return (&policies.Reader{Keys: c}).Key(policiesfake.ARN(id)), []diagfake.Fake{c}
	}
}

func TestConform(t *testing.T) {
	for _, check := range policies.KeyChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*policies.Key]{Healthy: world(types.KeyStateEnabled),
			Broken: world(types.KeyStateDisabled)})
	}
}

func TestKeyUnusable(t *testing.T) {
	want := map[types.KeyState]string{
		types.KeyStateCreating: "", types.KeyStateEnabled: "", types.KeyStateUpdating: "",
		types.KeyStateDisabled:               "is disabled",
		types.KeyStatePendingDeletion:        "is to be deleted",
		types.KeyStatePendingReplicaDeletion: "is to be deleted",
		types.KeyStatePendingImport:          "has no key material",
		types.KeyStateUnavailable:            "cannot be reached in its key store",
	}
	for _, state := range types.KeyState("").Values() {
		says, ok := want[state]
		require.True(t, ok, state)
		key, _ := world(state)()
		report := diagtest.Run(t, key, policies.KeyChecks()...)
		require.NoError(t, report.Err(), state)
		if says == "" {
			assert.Empty(t, report.Findings, state)
			continue
		}
		f := diagtest.Only(t, report, "access.key-unusable")
		assert.Equal(t, "KMS key "+id+" "+says+": what it encrypts cannot be read", f.Summary)
		assert.Equal(t, diag.Resource{Type: "AWS::KMS::Key", ID: id, ARN: policiesfake.ARN(id), Account: "111122223333",
			Region: "eu-west-1"}, f.Resource)
	}
}

// TestUnknownKeys: a key of which nothing is told is not judged.
func TestUnknownKeys(t *testing.T) {
	for _, reader := range []*policies.Reader{{}, {Keys: &policiesfake.Keys{}}} {
		for _, arn := range []string{policiesfake.ARN(id), "no ARN"} {
			report := diagtest.Run(t, reader.Key(arn), policies.KeyChecks()...)
			assert.NoError(t, report.Err())
			assert.Empty(t, report.Findings)
		}
	}
}
