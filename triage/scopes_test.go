package triage_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/triage"
)

// accounts is an STS that lets the caller take on the roles called reader, and tells by the key who is calling.
func accounts(t *testing.T) (aws.Config, *atomic.Int32) {
	var taken atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		w.Header().Set("Content-Type", "text/xml")
		role := r.Form.Get("RoleArn")
		switch {
		case r.Form.Get("Action") == "AssumeRole" && strings.HasSuffix(role, ":role/reader"):
			taken.Add(1)
			fmt.Fprintf(w,
				`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>`+
					`<AccessKeyId>AKIA%s</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>`+
					`<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
				strings.Split(role, ":")[4])
		case r.Form.Get("Action") == "GetCallerIdentity":
			_, key, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=AKIA")
			fmt.Fprintf(w,
				`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>`+
					`<Account>%.12s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, key)
		default:
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>`)
		}
	}))
	t.Cleanup(server.Close)
	return aws.Config{Region: "eu-west-1", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIA999999999999", "secret", "")}, &taken
}

// TestScopesOfManyAccounts takes on a role in each account; one that is refused leaves the others alone.
func TestScopesOfManyAccounts(t *testing.T) {
	cfg, taken := accounts(t)
	var guarded []string
	scopes, err := triage.NewScopes(t.Context(), cfg, triage.Places{
		Roles: []string{"arn:aws:iam::111122223333:role/reader", "arn:aws:iam::444455556666:role/other",
			"arn:aws:iam::777788889999:role/reader", "reader"},
		Regions: []string{"eu-west-1", "us-east-1"},
	})
	var at []string
	for _, s := range scopes {
		at = append(at, s.Account+" "+s.Region)
	}
	assert.Equal(t, []string{"111122223333 eu-west-1", "111122223333 us-east-1", "777788889999 eu-west-1",
		"777788889999 us-east-1"}, at)
	assert.EqualValues(t, 4, taken.Load())
	require.Error(t, err)
	assert.ErrorContains(t, err, "arn:aws:iam::444455556666:role/other in us-east-1")
	assert.ErrorContains(t, err, "reader in eu-west-1: not the ARN of a role")

	scopes, err = triage.NewScopes(t.Context(), cfg, triage.Places{Guard: func(cfg aws.Config, account string) aws.Config {
		guarded = append(guarded, cfg.Region+account)
		return cfg
	}})
	require.NoError(t, err)
	require.Len(t, scopes, 1)
	assert.Equal(t, "999999999999", scopes[0].Account)
	assert.Equal(t, []string{"eu-west-1"}, guarded)
}
