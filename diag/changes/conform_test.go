package changes_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

var (
	now    = time.Date(2026, 2, 11, 14, 0, 0, 0, time.UTC)
	window = diag.Last(3*time.Hour, now)
	// thing is what the changes of these tests are made to, whatever its type.
	thing = diag.Resource{Type: "AWS::Test::Thing", ID: "thing"}
)

// history is a trail of events that are no change of the thing, and more.
func history(events ...types.Event) *changesfake.Client {
	return &changesfake.Client{Events: append(events,
		changesfake.Write{At: now.Add(-2 * time.Hour), Action: "ec2:CreateNetworkInterface",
			Who: "ecs.amazonaws.com"}.Event(),
		changesfake.Write{At: now.Add(-time.Hour), Action: "test:UpdateThing", Who: "omar.h",
			Resources: []string{"AWS::Test::Thing another"}}.Event(),
		changesfake.Write{At: now.Add(-time.Hour), Action: "test:UpdateThing", Who: "omar.h", Error: "AccessDenied",
			ID:        "refused",
			Resources: []string{"AWS::Test::Thing thing"}}.Event(),
	)}
}

// made is a source with one change of a family.
type made []changes.Change

// example returns a change of the thing that belongs to a family.
func example(f changes.Family) changes.Change {
	return changes.Change{At: now.Add(-time.Hour), Code: f.Code(), Actor: changes.Actor{Name: "omar.h"},
		EventName:   "Thing",
		EventSource: "git", EventID: "4f1c2aa", Resources: []diag.Resource{thing}, Summary: "omar.h changed the thing"}
}

func subject(fake *changesfake.Client, others ...changes.Source) (*changes.Touched, []diagfake.Fake) {
	trail := changes.NewTrail(fake, window, changes.WithPacer(nil), changes.With(others...))
	return changes.NewTouched(trail, thing, window), []diagfake.Fake{fake}
}

func TestConform(t *testing.T) {
	families := changes.Families()
	for i, check := range changes.TouchedChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*changes.Touched]{
			Healthy: func() (*changes.Touched, []diagfake.Fake) { return subject(history()) },
			Broken:  func() (*changes.Touched, []diagfake.Fake) { return subject(history(), made{example(families[i])}) },
		})
	}
}

// TestConformOnTheWire holds one check to the contract whose change comes from CloudTrail itself.
func TestConformOnTheWire(t *testing.T) {
	broken := changesfake.Write{At: now.Add(-time.Hour), Action: "test:UpdateThing", Who: "omar.h", ID: "mine",
		Resources: []string{"AWS::Test::Thing thing"}}.Event()
	checks := changes.TouchedChecks()
	diagtest.Conform(t, checks[len(checks)-1], diagtest.Worlds[*changes.Touched]{
		Healthy: func() (*changes.Touched, []diagfake.Fake) { return subject(history()) },
		Broken:  func() (*changes.Touched, []diagfake.Fake) { return subject(history(broken)) },
	})
}

func TestReadOnly(t *testing.T) { diagtest.ReadOnly[changes.LookupAPI](t) }

func TestCatalogue(t *testing.T) {
	var infos []diag.Info
	for _, c := range changes.TouchedChecks() {
		infos = append(infos, c.Info)
		assert.Equal(t, diag.SeverityInfo, c.Severity)
		assert.True(t, c.Change)
		assert.NotEmpty(t, c.Limits)
	}
	require.NoError(t, diag.Validate(infos...))
	for _, f := range changes.Families() {
		assert.Equal(t, f, changes.FamilyOf(f.Code()))
		want := diag.Possible
		if f.Takes {
			want = diag.Likely
			assert.NotEmpty(t, f.Breaks, "%s takes something away that nothing leans on", f.Name)
		}
		assert.Equal(t, want, f.Confidence())
	}
	assert.Equal(t, "other", changes.FamilyOf("changes.no-such").Name)
}

// TestStandsAboveWhatItBroke runs a change beside a trouble that began after it.
func TestStandsAboveWhatItBroke(t *testing.T) {
	removed := changes.FamilyOf("changes.security-group-rule-removed")
	blocked := &diag.Check[*changes.Touched]{
		Info: diag.Info{Code: "test.blocked", Title: "Blocked", Doc: "Nothing passes.", Severity: diag.SeverityError,
			Actions: changes.Actions(), Breaks: []diag.Mechanism{diag.NetworkPath}},
		Run: func(context.Context, *changes.Touched) ([]diag.Finding, error) {
			return []diag.Finding{{Summary: "blocked", Since: now.Add(-30 * time.Minute),
				Evidence: []diag.Evidence{{Source: "test:Look", Value: "no"}}}}, nil
		},
	}
	touched, _ := subject(history(), made{example(removed)})
	report := diag.Run(t.Context(), diag.On(touched, append(changes.TouchedChecks(), blocked)...))
	require.NoError(t, report.Err())
	require.Len(t, report.Roots(), 1)
	assert.Equal(t, removed.Code(), report.Roots()[0].Code)
	assert.Equal(t, diag.Code("test.blocked"), report.Roots()[0].Explains[0].Code)

	touched, _ = subject(history(), made{example(changes.FamilyOf(changes.FlagChanged))})
	report = diag.Run(t.Context(), diag.On(touched, append(changes.TouchedChecks(), blocked)...))
	diagtest.Want(t, report, "test.blocked", changes.FlagChanged)
	assert.Equal(t, diag.Code("test.blocked"), report.Roots()[0].Code)
}

// TestHistory tells every change that a trail saw, each on the resource that it touched.
func TestHistory(t *testing.T) {
	fake := history()
	trail := changes.NewTrail(fake, window, changes.WithPacer(nil),
		changes.With(made{example(changes.FamilyOf(changes.Deployed))}))
	report := diag.Run(t.Context(), diag.On(changes.NewHistory(trail, window), changes.TouchedChecks()...))
	require.NoError(t, report.Err())
	var on []string
	for _, f := range report.Findings {
		on = append(on, string(f.Code)+" "+f.Resource.ID)
	}
	assert.ElementsMatch(t, []string{"changes.deployed thing", "changes.other another"}, on)
}

// TestSurvey puts changes on the timeline.
func TestSurvey(t *testing.T) {
	touched, _ := subject(history(), made{example(changes.FamilyOf(changes.Deployed))})
	report := diag.Run(t.Context(), diag.Observe(touched, changes.TouchedSurvey))
	require.NoError(t, report.Err())
	require.Len(t, report.Events, 2)
	slices.SortFunc(report.Events, func(a, b diag.Event) int { return strings.Compare(a.Kind, b.Kind) })
	change, denied := report.Events[0], report.Events[1]
	assert.Equal(t, "thing", change.Resource.ID)
	change.Resource = thing // without the place that the driver filled in
	assert.Equal(t, diag.Event{At: now.Add(-time.Hour), Resource: thing, Source: "git", Kind: "change",
		Text: "omar.h changed the thing"}, change)
	assert.Equal(t, "denied", denied.Kind)
	assert.Equal(t, "omar.h was refused test:UpdateThing on thing thing: AccessDenied", denied.Text)
	assert.Equal(t, "cloudtrail:LookupEvents", denied.Source)
}
