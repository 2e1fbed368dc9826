package ecsdiag

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// released is a world in which calls were to release something.
func released(made ...ReleaseCall) diagtest.World[*ReleaseAttempts] {
	return func() (*ReleaseAttempts, []diagfake.Fake) {
		c := healthy()
		return NewReleaseAttempts(NewService(c, "prod", "api", testWindow), func(ctx context.Context) ([]ReleaseCall, error) {
			_, err := diagfake.Serve(ctx, &c.Recorder, "cloudtrail:LookupEvents", new(struct{}),
				func(*struct{}) (*struct{}, error) { return new(struct{}), nil })
			if err != nil {
				return nil, err
			}
			return made, nil
		}), []diagfake.Fake{c}
	}
}

func registers(family, code string, age time.Duration) ReleaseCall {
	return ReleaseCall{At: ago(age), Who: "ci (role deploy)", Role: "deploy", Event: "RegisterTaskDefinition", Family: family,
		Code: code, Message: "No Fargate configuration exists for given values."}
}

func TestReleaseRefusedConforms(t *testing.T) {
	diagtest.Conform(t, ReleaseRefused, diagtest.Worlds[*ReleaseAttempts]{
		Healthy: released(registers("web", "ClientException", time.Minute)),
		Broken:  released(registers("api", "ClientException", time.Minute)),
	})
	assert.NoError(t, diag.Validate(ReleaseRefused.Info))
}

func TestReleaseRefused(t *testing.T) {
	update := ReleaseCall{At: ago(time.Minute), Who: "ci", Event: "UpdateService", Code: "AccessDenied",
		Service: "api", Cluster: clusterARN + "prod"}
	const denied = "a release of prod/api by ci is refused: AccessDenied; 1 UpdateService call failed, at 11:59 UTC"
	elsewhere := update
	elsewhere.Cluster = "test"
	for name, c := range map[string]struct {
		made []ReleaseCall
		want string
	}{
		"twice": {[]ReleaseCall{registers("api", "ClientException", 9*time.Minute), registers("api", "ClientException",
			4*time.Minute)}, "a release of prod/api by ci (role deploy) is refused: ClientException: No Fargate configuration " +
			"exists for given values.; 2 RegisterTaskDefinition calls failed, 11:51 to 11:56 UTC"},
		"made good": {[]ReleaseCall{registers("api", "ClientException", 9*time.Minute), registers("api", "",
			4*time.Minute)}, ""},
		"throttled":            {[]ReleaseCall{registers("api", "ThrottlingException", 4*time.Minute)}, ""},
		"an update, denied":    {[]ReleaseCall{update}, denied},
		"of another cluster":   {[]ReleaseCall{elsewhere}, ""},
		"registered, then not": {[]ReleaseCall{registers("api", "", 9*time.Minute), update}, denied},
	} {
		subject, _ := released(c.made...)()
		report := diag.Run(t.Context(), diag.On(subject, ReleaseRefused))
		if c.want == "" {
			assert.Empty(t, report.Findings, name)
			continue
		}
		if assert.Len(t, report.Findings, 1, name) {
			assert.Equal(t, c.want, report.Findings[0].Summary, name)
		}
	}
}
