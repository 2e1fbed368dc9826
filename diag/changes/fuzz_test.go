package changes_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
)

// FuzzEvents proves that no record makes the reader panic, or write a summary of more than a line.
func FuzzEvents(f *testing.F) {
	for action := range changes.Kinds() {
		f.Add(action, `{"groupId":"sg-1","targets":[{"id":"i-1","port":80}],"taskDefinition":"a:2","service":"s",`+
			`"cluster":"c"}`)
	}
	f.Add("ec2:RevokeSecurityGroupIngress", `{"ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":1}]}}`)
	f.Add("elasticloadbalancing:DeleteRule", `{"ruleArn":"arn:a:b:c:d:listener//"}`)
	f.Fuzz(func(t *testing.T, action, params string) {
		service, name, _ := strings.Cut(action, ":")
		if !utf8.ValidString(action) || !utf8.ValidString(params) {
			t.Skip("CloudTrail sends UTF-8: give such an input")
		}
		e := types.Event{EventName: aws.String(name), EventSource: aws.String(service + ".amazonaws.com"),
			EventTime:       aws.Time(now.Add(-time.Hour)),
			ReadOnly:        aws.String("false"),
			CloudTrailEvent: aws.String(`{"requestParameters":` + params + `,"responseElements":` + params + `}`)}
		sweep, err := changes.NewTrail(&changesfake.Client{Events: []types.Event{e}}, window,
			changes.WithPacer(nil)).Sweep(t.Context())
		require.NoError(t, err)
		for _, finding := range changes.Findings(sweep.Changes) {
			assert.NotContains(t, finding.Summary, "\n")
			for _, s := range finding.NextSteps {
				assert.NotContains(t, s.Command, "\n\n")
			}
		}
	})
}
