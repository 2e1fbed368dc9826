package guard_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/guard"
)

func TestNewSaysWhatIsWrong(t *testing.T) {
	full := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(full, "x"), nil, 0o600))
	for _, test := range []struct {
		name    string
		options guard.Options
		want    string
	}{
		{"no reason", guard.Options{}, "a reason is mandatory"},
		{"blank reason", guard.Options{Reason: " \t"}, "a reason is mandatory"},
		{"negative budget", guard.Options{Reason: "r", Budget: -1}, "a budget of -1 calls"},
		{"no operation", guard.Options{Reason: "r", Allow: []string{"ec2"}}, `allowing "ec2": want service:Operation`},
		{"everything", guard.Options{Reason: "r", Allow: []string{"ec2:*"}}, `allowing "ec2:*"`},
		{"wide wildcard", guard.Options{Reason: "r", Allow: []string{"ec2:Get*"}}, `allowing "ec2:Get*"`},
		{"command name", guard.Options{Reason: "r", Allow: []string{"ec2:describe-vpcs"}}, `allowing "ec2:describe-vpcs"`},
		{"unknown member", guard.Options{Reason: "r", Allow: []string{"ssm:GetParameter:Name"}},
			"unknown member Name; known are WithDecryption Unmask"},
		{"full folder", guard.Options{Reason: "r", Record: full}, "the folder is not empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := guard.New(test.options)
			require.ErrorContains(t, err, test.want)
			assert.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestAllow(t *testing.T) {
	ctx, cfg := context.Background(), offline(&wire{})
	refused := func(err error) bool { var r *guard.RefusedError; return errors.As(err, &r) }
	with := func(allow ...string) *ec2.Client {
		return ec2.NewFromConfig(newGuard(t, guard.Options{Allow: allow}).Config(cfg, ""))
	}
	_, err := with().DescribeImages(ctx, nil)
	assert.True(t, refused(err))
	_, err = with("ec2:DescribeImages").DescribeImages(ctx, nil)
	assert.False(t, refused(err))
	_, err = with("ec2:Describe*").DescribeImages(ctx, nil)
	assert.False(t, refused(err))
	_, err = with("ec2:Describe*").TerminateInstances(ctx, &ec2.TerminateInstancesInput{})
	assert.True(t, refused(err))
	_, err = with("rds:Describe*").DescribeImages(ctx, nil)
	assert.True(t, refused(err), "another service's wildcard")
	g := newGuard(t, guard.Options{Allow: []string{"elbv2:DescribeSSLPolicies"}})
	_, err = elbv2.NewFromConfig(g.Config(cfg, "")).DescribeSSLPolicies(ctx, nil)
	assert.False(t, refused(err), "the CLI's name of a service")
	assert.Contains(t, g.Allowed(), "elasticloadbalancing:DescribeSSLPolicies")
}

func TestClosedGuardRefuses(t *testing.T) {
	w := &wire{}
	g := newGuard(t, guard.Options{})
	client := ec2.NewFromConfig(g.Config(offline(w), ""))
	require.NoError(t, g.Close())
	require.NoError(t, g.Close(), "twice")
	_, err := client.DescribeVpcs(context.Background(), nil)
	assert.ErrorContains(t, err, "guard refused ec2:DescribeVpcs: the guard is closed")
	assert.Zero(t, w.requests)
}

func TestConfigLeavesTheOriginalAlone(t *testing.T) {
	cfg := offline(&wire{})
	newGuard(t, guard.Options{}).Config(cfg, "")
	assert.Empty(t, cfg.APIOptions)
}
