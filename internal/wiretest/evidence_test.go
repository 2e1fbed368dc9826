package wiretest

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/xray"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/access/policies"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/guard"
	"github.com/awsdiag/awsdiag/diag/traces"
)

// TestEvidence asks CloudTrail and X-Ray over the wire. A server that knows neither gives an error for each, once: no
// all-clear, and no panic.
func TestEvidence(t *testing.T) {
	cfg, _ := peer(t)
	g, err := guard.New(guard.Options{Reason: "wire test"})
	require.NoError(t, err)
	guarded := g.Config(cfg, "123456789012")
	guarded.RetryMaxAttempts = 1
	window := diag.Last(time.Hour, time.Now())
	trail := changes.NewTrail(cloudtrail.NewFromConfig(guarded), window, changes.WithPacer(nil))
	sweep, sweepErr := trail.Sweep(t.Context())
	require.NotNil(t, sweep)
	report := diag.Run(t.Context(), diag.On(changes.NewHistory(trail, window), changes.TouchedChecks()...))
	assert.Equal(t, sweepErr == nil, report.Err() == nil)
	assert.LessOrEqual(t, len(report.Inconclusive), 1)
	t.Logf("cloudtrail: %d events, %d changes: %v", sweep.Read, len(sweep.Changes), sweepErr)

	report = diag.Run(t.Context(), diag.On(traces.NewTraces(xray.NewFromConfig(guarded), window),
		traces.TracesChecks()...))
	for _, i := range report.Inconclusive {
		assert.NotContains(t, []diag.Kind{diag.KindPanic, diag.KindContract}, i.Kind, i.Err)
	}
	t.Logf("xray: %d findings, %v", len(report.Findings), report.Err())
}

// TestResourcePolicies reads the policies of a repository and of a key over the wire.
func TestResourcePolicies(t *testing.T) {
	cfg, _ := peer(t)
	name := fmt.Sprintf("policies-%d", time.Now().UnixNano()%1_000_000_000)
	ctx := t.Context()
	const pull = `{"Version":"2012-10-17","Statement":[{"Sid":"Pull","Effect":"Deny","Principal":"*","Action":"ecr:BatchGetImage"}]}`
	const use = `{"Version":"2012-10-17","Statement":[{"Sid":"Use","Effect":"Allow",` +
		`"Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}]}`
	repositories, keys := ecr.NewFromConfig(cfg), kms.NewFromConfig(cfg)
	repository, err := repositories.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: &name})
	require.NoError(t, err)
	key, err := keys.CreateKey(ctx, &kms.CreateKeyInput{Policy: aws.String(use)})
	require.NoError(t, err)

	g, err := guard.New(guard.Options{Reason: "wire test"})
	require.NoError(t, err)
	guarded := g.Config(cfg, "123456789012")
	read := func() *policies.Reader {
		return &policies.Reader{Keys: kms.NewFromConfig(guarded), Repositories: ecr.NewFromConfig(guarded),
			Account: "123456789012"}
	}
	none, err := read().PolicyOf(ctx, *repository.Repository.RepositoryArn)
	require.NoError(t, err)
	if none != nil {
		assert.Empty(t, none.Document.Statements, "a repository has no policy at first")
	}
	_, err = repositories.SetRepositoryPolicy(ctx,
		&ecr.SetRepositoryPolicyInput{RepositoryName: &name, PolicyText: aws.String(pull)})
	require.NoError(t, err)
	g, err = guard.New(guard.Options{Reason: "wire test"}) // a new investigation, which shares no answers with the first
	require.NoError(t, err)
	guarded = g.Config(cfg, "123456789012")
	for arn, sid := range map[string]string{*repository.Repository.RepositoryArn: "Pull", *key.KeyMetadata.Arn: "Use"} {
		policy, err := read().PolicyOf(ctx, arn)
		require.NoError(t, err)
		require.NotNil(t, policy, arn)
		require.Len(t, policy.Document.Statements, 1)
		assert.Equal(t, sid, policy.Document.Statements[0].Sid)
	}
}
