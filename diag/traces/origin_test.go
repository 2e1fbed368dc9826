package traces_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/xray/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/traces"
)

func parse(t *testing.T, documents ...string) []*traces.Segment {
	t.Helper()
	roots, err := traces.Parse(trace(documents...))
	require.NoError(t, err)
	return roots
}

func trace(documents ...string) types.Trace {
	x := types.Trace{Id: aws.String("1-0-0")}
	for _, d := range documents {
		x.Segments = append(x.Segments, types.Segment{Document: aws.String(d)})
	}
	return x
}

func TestFaultOrigin(t *testing.T) {
	for _, tt := range []struct {
		name      string
		documents []string
		want      string
	}{
		{"no fault", []string{`{"id":"a","name":"web"}`}, ""},
		{"a client error is no fault", []string{`{"id":"a","name":"web","error":true}`}, ""},
		{"a service alone", []string{`{"id":"a","name":"web","fault":true}`}, "web"},
		{"a remote host",
			[]string{`{"id":"a","name":"web","fault":true,"subsegments":[{"id":"b","name":"pay.example","namespace":"remote","fault":true}]}`},
			"pay.example, called by web"},
		{"a fault that was handled",
			[]string{`{"id":"a","name":"web","subsegments":[{"id":"b","name":"pay.example","namespace":"remote","fault":true}]}`}, ""},
		{"the call that was not retried away", []string{`{"id":"a","name":"web","fault":true,"subsegments":[
			{"id":"b","name":"first.example","namespace":"remote","fault":true,"start_time":1,"end_time":2},
			{"id":"c","name":"second.example","namespace":"remote","fault":true,"start_time":2,"end_time":3}]}`},
			"second.example, called by web"},
		{"a denied call makes a fault", []string{`{"id":"a","name":"web","fault":true,"subsegments":[
			{"id":"b","name":"S3","namespace":"aws","error":true,"aws":{"operation":"GetObject"}}]}`},
			"S3 GetObject, called by web"},
		{"a fault before an error", []string{`{"id":"a","name":"web","fault":true,"subsegments":[
			{"id":"b","name":"cache.example","namespace":"remote","error":true,"end_time":9,"start_time":1},
			{"id":"c","name":"pay.example","namespace":"remote","fault":true}]}`}, "pay.example, called by web"},
		{"through a service in a document of its own, in any order", []string{
			`{"id":"c","parent_id":"b","name":"api","fault":true}`,
			`{"id":"a","name":"web","fault":true,"subsegments":[{"id":"b","name":"api","namespace":"remote","fault":true}]}`},
			"api, called by web"},
		{"a subsegment sent by itself", []string{`{"id":"a","name":"web","fault":true}`,
			`{"id":"b","parent_id":"a","type":"subsegment","name":"render","fault":true}`}, "render in web"},
		{"the parent is missing", []string{`{"id":"b","parent_id":"gone","name":"api","fault":true}`}, "api"},
		{"segments that name each other", []string{`{"id":"a","parent_id":"b","name":"web","fault":true}`,
			`{"id":"b","parent_id":"a","name":"api","fault":true}`}, "web, called by api"},
		{"a segment that names itself", []string{`{"id":"a","parent_id":"a","name":"web","fault":true}`}, "web"},
		{"an id twice", []string{`{"id":"a","name":"web","fault":true}`, `{"id":"a","name":"web","fault":true}`}, "web"},
		{"members of odd types",
			[]string{`{"id":"a","name":"web","fault":true,"http":"x","cause":"id","start_time":"soon","aws":7}`}, "web"},
		{"queue", []string{`{"id":"a","name":"web","fault":true,"subsegments":[{"id":"b","name":"SQS","namespace":"aws","fault":true,
			"aws":{"operation":"SendMessage","queue_url":"https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"}}]}`},
			"SQS SendMessage (queue jobs), called by web"},
		{"function",
			[]string{`{"id":"a","name":"resize","origin":"AWS::Lambda::Function","fault":true,"resource_arn":"arn:aws:lambda:eu-west-1:111122223333:function:resize"}`}, "resize"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := traces.FaultOrigin(parse(t, tt.documents...))
			if tt.want == "" {
				assert.Nil(t, o)
				return
			}
			require.NotNil(t, o)
			assert.Equal(t, tt.want, o.String())
		})
	}
}

func TestSlowOrigin(t *testing.T) {
	roots := parse(t, `{"id":"a","name":"web","start_time":100,"end_time":110,"subsegments":[
		{"id":"b","name":"one.example","namespace":"remote","start_time":101,"end_time":104},
		{"id":"c","name":"two.example","namespace":"remote","start_time":103,"end_time":105},
		{"id":"d","name":"late.example","namespace":"remote","start_time":109,"end_time":130}]}`)
	o, own := traces.SlowOrigin(roots)
	require.NotNil(t, o)
	assert.Equal(t, "late.example, called by web", o.String())
	assert.Equal(t, 21*time.Second, own)
	roots[0].Children = roots[0].Children[:2]
	o, own = traces.SlowOrigin(roots)
	assert.Equal(t, "web", o.String())
	assert.Equal(t, 6*time.Second, own, "calls side by side count once")
	o, _ = traces.SlowOrigin(parse(t, `{"id":"a","name":"web","in_progress":true}`))
	assert.Nil(t, o)
}

func TestThrottleOrigin(t *testing.T) {
	o := traces.ThrottleOrigin(parse(t,
		`{"id":"a","name":"web","subsegments":[{"id":"b","name":"DynamoDB","namespace":"aws","throttle":true,"error":true,"aws":{"operation":"Query"}}]}`))
	require.NotNil(t, o)
	assert.Equal(t, "DynamoDB Query, called by web", o.String())
	assert.Nil(t, traces.ThrottleOrigin(nil))
}

// FuzzParse proves that no document makes the reader panic or run for ever.
func FuzzParse(f *testing.F) {
	for i, x := range []request{{fails: "table", flag: "fault"}, {fails: "api"}, {seconds: 9}} {
		f.Add(strings.Join(x.trace(i).Segments, "\n"))
	}
	f.Add(`{"id":"a","parent_id":"b","name":"x","start_time":1e300}` + "\n" + `{"id":"b","parent_id":"a"}`)
	f.Fuzz(func(t *testing.T, text string) {
		roots, _ := traces.Parse(trace(strings.Split(text, "\n")...))
		if o := traces.FaultOrigin(roots); o != nil {
			assert.NotEmpty(t, o.String())
		}
		traces.ThrottleOrigin(roots)
		_, own := traces.SlowOrigin(roots)
		assert.GreaterOrEqual(t, own, time.Duration(0))
	})
}
