package diag

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// full is a report in which every field stands.
func full(t *testing.T) *Report {
	t.Helper()
	oom := check("oom", func(context.Context) ([]Finding, error) {
		return []Finding{{
			Summary: "container app was killed for memory 3 times", Since: noon.Add(-time.Hour), SinceAtLeast: true,
			Confidence: Likely,
			Evidence: []Evidence{{Source: "toy:Read", Field: "exitCode", Value: "137", At: noon.Add(-time.Minute)},
				{Source: "toy:Read", Value: "x"}},
			Related: []Related{{Resource: at("task/1"), Role: "task"}},
			NextSteps: []Step{{Text: "Look.", Command: "aws x --token hunter2", Doc: "https://docs.aws.amazon.com/x",
				Changes: true}},
		}}, nil
	})
	oom.Limits = "forgets after an hour"
	runner := Runner{Window: Last(time.Hour, noon), Focus: at("svc"), Scope: Scope{"111122223333", "eu-west-1"}}
	return runner.Run(t.Context(), On(toy{at("svc")}, oom, finds("few", 1, Errorf(KindDenied, "describing"))),
		Observe(toy{at("svc")}, &Survey[toy]{Name: "toy.thing", Actions: []string{"toy:List"},
			Links: func(context.Context, toy) ([]Link, error) {
				return []Link{{at("cluster"), at("svc"), "holds", true}}, nil
			},
			Events: func(context.Context, toy, Window) ([]Event, error) {
				return []Event{{At: noon, Kind: "log", Text: "x"}}, nil
			},
			Settings: func(context.Context, toy) ([]Setting, error) { return []Setting{{Name: "cpu", Value: "256"}}, nil }}))
}

func TestReportJSON(t *testing.T) {
	for name, report := range map[string]*Report{"full": full(t), "empty": {Window: Last(time.Hour, noon)}} {
		t.Run(name, func(t *testing.T) {
			got, err := json.MarshalIndent(report, "", "  ")
			require.NoError(t, err)
			assert.NotContains(t, string(got), "null")
			golden := "testdata/report-" + name + ".json"
			if *update {
				require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(bytes.TrimSpace(want)), string(got))
		})
	}
}

func TestReportJSONReadsBack(t *testing.T) {
	report := full(t)
	text, err := json.Marshal(report)
	require.NoError(t, err)
	var read Report
	require.NoError(t, json.Unmarshal(text, &read))
	assert.Equal(t, outline(report.Roots()), outline(read.Roots()))
	assert.NotEmpty(t, read.Roots()[0].Explains)
	assert.Equal(t, report.Window, read.Window)
	again, err := json.Marshal(&read)
	require.NoError(t, err)
	assert.Equal(t, string(text), string(again))
}

func TestReportJSONRefuses(t *testing.T) {
	var r Report
	assert.EqualError(t, json.Unmarshal([]byte(`{"schemaVersion":99}`), &r), "reading a report: schema version 99: want 1")
	assert.ErrorContains(t, json.Unmarshal([]byte(`{"schemaVersion":1,"findings":[{"severity":"fatal"}]}`), &r),
		`unknown severity "fatal"`)
}

func TestFindingJSONIsThatOfItsRoot(t *testing.T) {
	root := full(t).Roots()[0]
	alone, err := json.Marshal(root.Finding)
	require.NoError(t, err)
	tree, err := json.Marshal(Root{Finding: root.Finding})
	require.NoError(t, err)
	assert.Equal(t, string(alone[:len(alone)-1])+`,"explains":[]}`, string(tree))
}
