package ecsdiag

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
)

// unjudged are causes of trouble without a row of their own.
var unjudged = map[ecstext.Cause]string{
	ecstext.EssentialContainerExited: "judged by exit codes and container reasons",
	ecstext.ContainerExited:          "judged by exit codes",
}

func TestEveryCauseHasOneRow(t *testing.T) {
	rows := map[ecstext.Cause][]diag.Code{}
	for _, row := range allCauses {
		for _, c := range row.causes {
			rows[c] = append(rows[c], row.code)
		}
	}
	for _, c := range ecstext.Causes() {
		if _, ok := unjudged[c]; ok || c.Kind() != ecstext.Trouble {
			assert.LessOrEqual(t, len(rows[c]), 1, "%s stands in %v", c, rows[c])
			continue
		}
		assert.Len(t, rows[c], 1, "%s", c)
	}
}

// TestEveryMessageLeadsToItsCheck runs all checks on each documented message: just the check of its cause speaks,
// beside
// those that tell of its consequences.
func TestEveryMessageLeadsToItsCheck(t *testing.T) {
	for _, d := range documents(t) {
		t.Run(d.kind+"/"+d.name, func(t *testing.T) {
			report := diagtest.Run(t, serviceOf(edited(d.edit())), ServiceChecks()...)
			assert.NoError(t, report.Err())
			i := slices.IndexFunc(allCauses, func(c cause) bool { return slices.Contains(c.causes, d.cause) })
			var codes []diag.Code
			for _, f := range report.Findings {
				codes = append(codes, f.Code)
			}
			if i >= 0 {
				assert.Equal(t, []diag.Code{allCauses[i].code}, codes, d.text)
				return
			}
			if d.cause != ecstext.EssentialContainerExited && d.cause != ecstext.ContainerExited {
				assert.Empty(t, codes, d.text)
			}
		})
	}
}

func TestEveryStopCodeIsKnown(t *testing.T) {
	for _, code := range types.TaskStopCode("").Values() {
		assert.Contains(t, causeOfCode, code)
		task := stopped("s1", ago(0), code, "")
		s := readStop(&StoppedTask{Task: task})
		assert.NotEqual(t, ecstext.Unrecognised, s.cause, "%s without a text", code)
		atStart := code == types.TaskStopCodeTaskFailedToStart || code == types.TaskStopCodeEssentialContainerExited
		assert.Equal(t, !atStart, asked(&StoppedTask{Task: task}), "%s", code)
	}
}

func TestSummariesNameWhatTheTextNames(t *testing.T) {
	for _, row := range allCauses {
		g := group{subject: serviceOf(healthy()), signs: []sign{{}}}
		text := g.summary(row.say)
		assert.NotContains(t, text, "{", "%s: a place that nothing fills", row.code)
		for _, step := range row.steps {
			assert.NotEmpty(t, step.Text, row.code)
		}
	}
}
