package diag

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPlanTellsBeforeItRuns(t *testing.T) {
	ran := func(context.Context) ([]Finding, error) { t.Error("must not run"); return nil, nil }
	second := check("few", ran)
	second.Actions = []string{"logs:FilterLogEvents", "toy:Read", "ssm:StartSession"}
	p := Join(On(toy{at("a")}, second, check("oom", ran)), On(toy{at("b")}, check("oom", ran)),
		Observe(toy{at("a")}, neighbourhood()))
	assert.Equal(t, []string{"logs:FilterLogEvents", "ssm:StartSession", "toy:List", "toy:Read"}, p.Actions())
	var codes []Code
	for _, info := range p.Infos() {
		codes = append(codes, info.Code)
	}
	assert.Equal(t, []Code{"few", "oom"}, codes)
	policy, err := p.Policy()
	require.NoError(t, err)
	assert.Equal(t, `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "AwsdiagRead",
      "Effect": "Allow",
      "Action": [
        "toy:List",
        "toy:Read"
      ],
      "Resource": "*"
    },
    {
      "Sid": "AwsdiagData",
      "Effect": "Allow",
      "Action": [
        "logs:FilterLogEvents"
      ],
      "Resource": "*"
    },
    {
      "Sid": "AwsdiagActive",
      "Effect": "Allow",
      "Action": [
        "ssm:StartSession"
      ],
      "Resource": "*"
    }
  ]
}`, string(policy))
}

func TestPlanOfNothing(t *testing.T) {
	var p Plan
	assert.True(t, p.IsZero())
	assert.True(t, Join(p, On(toy{}), Observe(toy{}, &Survey[toy]{Name: "toy.none"})).IsZero())
	assert.False(t, On(toy{}, finds("oom", 0, nil)).IsZero())
	assert.Empty(t, p.Actions())
	policy, err := p.Policy()
	require.NoError(t, err)
	assert.JSONEq(t, `{"Version":"2012-10-17","Statement":[]}`, string(policy))
}

// TestPolicyLeavesLocalOut because IAM knows no such action and would refuse the document.
func TestPolicyLeavesLocalOut(t *testing.T) {
	c := check("few", nil)
	c.Actions = []string{"probe:Connect"}
	p := On(toy{at("a")}, c)
	assert.Equal(t, []string{"probe:Connect"}, p.Actions())
	policy, err := p.Policy()
	require.NoError(t, err)
	assert.JSONEq(t, `{"Version":"2012-10-17","Statement":[]}`, string(policy))
}

func TestObserve(t *testing.T) {
	window := Last(time.Hour, noon)
	s := &Survey[toy]{Name: "toy.thing", Actions: []string{"toy:List"},
		Links: func(context.Context, toy) ([]Link, error) { return links("b>c", "a>b", "b>c"), nil },
		Events: func(_ context.Context, _ toy, w Window) ([]Event, error) {
			later, first := Event{At: w.End.Add(-1), Kind: "log", Text: "password=hunter2"},
				Event{At: w.Start, Kind: "deployment", Resource: at("other")}
			return []Event{later, first, later}, Errorf(KindIncomplete, "cut at password=hunter2")
		},
		Settings: func(context.Context, toy) ([]Setting, error) {
			return []Setting{{Name: "environment[DB_PASSWORD]", Value: "hunter2"}, {Name: "cpu", Value: "256"}}, nil
		}}
	r := Runner{Window: window}.Run(t.Context(), Observe(toy{at("svc")}, s))
	assert.Equal(t, links("a>b", "b>c"), r.Links)
	assert.Equal(t, []Event{{At: noon.Add(-time.Hour), Resource: at("other"), Kind: "deployment"},
		{At: noon.Add(-1), Resource: at("svc"), Kind: "log", Text: "password=[redacted-1]"}}, r.Events)
	assert.Equal(t, []Setting{{at("svc"), "cpu", "256"}, {at("svc"), "environment[DB_PASSWORD]", "[redacted-1]"}},
		r.Settings)
	assert.Equal(t,
		[]Inconclusive{{Code: "toy.thing.events", Resource: at("svc"), Kind: KindIncomplete,
			Err: "cut at password=[redacted-1]"}}, r.Inconclusive)
	assert.Equal(t, []string{"toy:List"}, r.Coverage.Actions)
	assert.Empty(t, r.Coverage.Checks)
}

func TestClassOf(t *testing.T) {
	assert.Equal(t, ClassRead, ClassOf("ecs:DescribeTasks"))
	assert.Equal(t, ClassData, ClassOf("logs:FilterLogEvents"))
	assert.Equal(t, ClassActive, ClassOf("ecs:ExecuteCommand"))
	assert.Equal(t, ClassLocal, ClassOf("probe:Connect"))
	seen := map[string]bool{}
	for _, c := range Classes() {
		seen[c.sid()] = true
	}
	assert.Len(t, seen, len(Classes()))
}
