package changesfake_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
)

var noon = time.Date(2026, 2, 11, 12, 0, 0, 0, time.UTC)

func client() *changesfake.Client {
	return &changesfake.Client{Events: []types.Event{
		changesfake.Write{At: noon.Add(-2 * time.Hour), Action: "ec2:DeleteRoute", Who: "ann",
			Resources: []string{"AWS::EC2::RouteTable rtb-1"}}.Event(),
		changesfake.Write{At: noon.Add(-time.Hour), Action: "ec2:CreateRoute", Who: "bob"}.Event(),
	}}
}

func TestLookupEvents(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   cloudtrail.LookupEventsInput
		want []string
	}{
		{"all, the newest first", cloudtrail.LookupEventsInput{}, []string{"CreateRoute", "DeleteRoute"}},
		{"times are included", cloudtrail.LookupEventsInput{StartTime: aws.Time(noon.Add(-2 * time.Hour)),
			EndTime: aws.Time(noon.Add(-2 * time.Hour))}, []string{"DeleteRoute"}},
		{"by name", by(types.LookupAttributeKeyEventName, "CreateRoute"), []string{"CreateRoute"}},
		{"by user", by(types.LookupAttributeKeyUsername, "ann"), []string{"DeleteRoute"}},
		{"by resource", by(types.LookupAttributeKeyResourceName, "rtb-1"), []string{"DeleteRoute"}},
		{"by type", by(types.LookupAttributeKeyResourceType, "AWS::EC2::RouteTable"), []string{"DeleteRoute"}},
		{"reads", by(types.LookupAttributeKeyReadOnly, "true"), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := client().LookupEvents(t.Context(), &tt.in)
			require.NoError(t, err)
			var got []string
			for _, e := range out.Events {
				got = append(got, *e.EventName)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func by(key types.LookupAttributeKey, value string) cloudtrail.LookupEventsInput {
	return cloudtrail.LookupEventsInput{LookupAttributes: []types.LookupAttribute{{AttributeKey: key,
		AttributeValue: aws.String(value)}}}
}

func TestRefusals(t *testing.T) {
	two := by(types.LookupAttributeKeyEventName, "x")
	two.LookupAttributes = append(two.LookupAttributes, two.LookupAttributes...)
	for code, in := range map[string]cloudtrail.LookupEventsInput{
		"InvalidMaxResultsException":       {MaxResults: aws.Int32(51)},
		"InvalidTimeRangeException":        {StartTime: aws.Time(noon), EndTime: aws.Time(noon.Add(-time.Second))},
		"InvalidLookupAttributesException": two,
		"InvalidNextToken":                 {NextToken: aws.String("mine")},
	} {
		t.Run(code, func(t *testing.T) {
			_, err := client().LookupEvents(t.Context(), &in)
			var api smithy.APIError
			require.ErrorAs(t, err, &api)
			assert.Equal(t, code, api.ErrorCode())
		})
	}
}

func TestRate(t *testing.T) {
	c := client()
	c.Rate = 2
	for i := range 3 {
		_, err := c.LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{})
		assert.Equal(t, i < 2, err == nil, "call %d: %v", i, err)
	}
}

func TestMerge(t *testing.T) {
	c := client()
	answer := &cloudtrail.LookupEventsOutput{Events: c.Events}
	assert.True(t, c.Merge(nil, answer))
	assert.Len(t, c.Events, 2, "the same again")
	assert.False(t, c.Merge(nil, &cloudtrail.ListTrailsOutput{}))
	assert.False(t, c.Merge(nil, (*cloudtrail.LookupEventsOutput)(nil)))
}
