package triage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
	"github.com/awsdiag/awsdiag/triage"
)

// timesOut gives the world a function that runs into its time limit since it was given less of it.
func (w *world) timesOut(name string, since time.Duration) {
	group := logsfake.Group{LogGroup: types.LogGroup{LogGroupName: aws.String("/aws/lambda/" + name)}}
	for ago := 3 * time.Hour; ago > 0; ago -= 2 * time.Minute {
		id := fmt.Sprintf("8f5b1c2e-0000-4000-8000-%012d", int(ago.Seconds()))
		report := "REPORT RequestId: " + id + "\tDuration: 2210.44 ms\tBilled Duration: 2211 ms\tMemory Size: 512 MB\t" +
			"Max Memory Used: 91 MB"
		if ago <= since {
			report = w.ago(ago).UTC().Format("2006-01-02T15:04:05.000Z") + " " + id + " Task timed out after 3.00 seconds"
		}
		group.Events = append(group.Events, logsfake.Event{Stream: "2026/05/12/[$LATEST]4f", At: w.ago(ago), Message: report})
	}
	w.Logs.Groups = append(w.Logs.Groups, group)
	w.by(since+time.Minute, changesfake.Write{Action: "lambda:UpdateFunctionConfiguration20150331v2", Who: "m.greco",
		Params: `{"functionName":"` + name + `","timeout":3}`})
}

// TestFunctions asks about a Lambda function by all that names it.
func TestFunctions(t *testing.T) {
	const name = "quotes-resize"
	for target, typ := range map[string]string{
		name: "", "/aws/lambda/" + name: "AWS::Logs::LogGroup",
		"arn:aws:lambda:eu-south-1:%s:function:" + name: "", "arn:aws:lambda:eu-south-1:%s:function:" + name + ":live": "",
	} {
		t.Run(target, func(t *testing.T) {
			w := newWorld(t)
			w.decoys(33 * time.Minute)
			w.timesOut(name, 40*time.Minute)
			if typ == "" && target != name {
				target = fmt.Sprintf(target, w.ID)
			}
			report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, triage.Symptom{Kind: triage.Errors,
				Target: target, TargetType: typ, Since: w.ago(30 * time.Minute)}, triage.Options{Now: w.now})
			require.NoError(t, err)
			require.NoError(t, report.Err())
			roots := report.Roots()
			require.Len(t, roots, 1, told(roots))
			assert.Equal(t, diag.Code("changes.function-changed"), roots[0].Code)
			assert.Equal(t, name, roots[0].Resource.ID)
			assert.Contains(t, roots[0].Summary, "m.greco")
			require.Len(t, roots[0].Explains, 1)
			assert.Equal(t, diag.Code("logs.lambda-timed-out"), roots[0].Explains[0].Code)
		})
	}
}

// TestFunctionWithoutALog: who asks about a function that is not seen gets no all-clear, and one that nobody knows is none.
func TestFunctionWithoutALog(t *testing.T) {
	w := newWorld(t)
	ask := func(target, typ string) (*diag.Report, error) {
		return triage.Investigate(t.Context(), []triage.Scope{w.Scope()}, triage.Symptom{Kind: triage.Errors, Target: target,
			TargetType: typ}, triage.Options{Now: w.now})
	}
	report, err := ask("quotes-thumb", "AWS::Lambda::Function")
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
	assert.ErrorContains(t, report.Err(), "there is no log group /aws/lambda/quotes-thumb: what function quotes-thumb does is not seen")
	_, err = ask("quotes-thumb", "")
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}
