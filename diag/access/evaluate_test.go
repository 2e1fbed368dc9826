package access

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

func TestEvaluate(t *testing.T) {
	allow := func(rest string) string { return `{"Statement":[{"Effect":"Allow",` + rest + `}]}` }
	for _, c := range []struct {
		name, document string
		want           Effect
	}{
		{"nothing", "", ImplicitDeny},
		{"string forms", `{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`, Allowed},
		{"action in another case, with wildcard", allow(`"Action":["S3:get*"],"Resource":["arn:aws:s3:::b/*"]`), Allowed},
		{"resource in another case", allow(`"Action":"s3:*","Resource":"arn:aws:s3:::B/*"`), ImplicitDeny},
		{"one character", allow(`"Action":"s3:GetObjec?","Resource":"arn:aws:s3:::?/k"`), Allowed},
		{"not this action", allow(`"NotAction":"iam:*","Resource":"*"`), Allowed},
		{"not this resource", allow(`"Action":"s3:*","NotResource":"arn:aws:s3:::b/*"`), ImplicitDeny},
		{"deny goes first", `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny",` +
			`"Action":"s3:*","Resource":"*"}]}`, ExplicitDeny},
		{"deny on a condition", `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},` +
			`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}}]}`,
			Depends},
		{"deny on a condition without an allow", `{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*",` +
			`"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}]}`, ImplicitDeny},
		{"condition that holds", allow(`"Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true}}`),
			Allowed},
		{"condition that does not",
			allow(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":["eu-west-1"]}}`),
			ImplicitDeny},
		{"negated condition",
			allow(`"Action":"*","Resource":"*","Condition":{"StringNotLike":{"aws:RequestedRegion":"us-*"}}`), ImplicitDeny},
		{"condition on something unknown",
			allow(`"Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}`), Depends},
		{"operator that is not judged",
			allow(`"Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:RequestedRegion":"10.0.0.0/8"}}`), Depends},
		{"date that is over",
			allow(`"Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2026-06-03T14:30:00Z"}}`),
			ImplicitDeny},
		{"date to come",
			allow(`"Action":"*","Resource":"*","Condition":{"DateLessThanEquals":{"aws:CurrentTime":"2026-06-04"}}`), Allowed},
		{"date in seconds, to come",
			allow(`"Action":"*","Resource":"*","Condition":{"DateGreaterThan":{"aws:EpochTime":"1893456000"}}`), ImplicitDeny},
		{"date from which on",
			allow(`"Action":"*","Resource":"*","Condition":{"DateGreaterThanEquals":{"aws:CurrentTime":"2026-06-01T00:00:00Z"}}`),
			Allowed},
		{"date of something else",
			allow(`"Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-06-03T14:30:00Z"}}`),
			Depends},
		{"no date",
			allow(`"Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"midnight"}}`), Depends},
		{"allow without conditions beside one with",
			`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"v"}}},` +
				`{"Effect":"Allow","Action":"*","Resource":"*"}]}`, Allowed},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := ParseDocument(c.document)
			require.NoError(t, err)
			got, _ := d.Evaluate(Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k",
				Context: map[string]string{"aws:securetransport": "true", "aws:requestedregion": "us-east-1",
					"aws:currenttime": "2026-06-03T15:00:00Z"}})
			assert.Equal(t, c.want, got)
		})
	}
}

func TestParseDocument(t *testing.T) {
	d, err := ParseDocument("%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22a%3Ab%22%7D%7D")
	require.NoError(t, err)
	assert.Equal(t, []string{"a:b"}, d.Statements[0].Actions)
	for _, text := range []string{"{", "%zz", "[]", `{"Statement":"x"}`} {
		_, err := ParseDocument(text)
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err), text)
	}
}

// TestDenialKindsAreDistinct: kinds are told apart.
func TestDenialKindsAreDistinct(t *testing.T) {
	seen := map[DenialKind]bool{}
	for _, k := range DenialKinds() {
		assert.False(t, seen[k], k)
		seen[k] = true
	}
}
