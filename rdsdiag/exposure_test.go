package rdsdiag_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
)

func exposure(w *world, outside bool, seen rdsdiag.Exposed, err error) *rdsdiag.Exposure {
	return rdsdiag.NewExposure(w.instance(), outside, func(context.Context, rdsdiag.Location) (rdsdiag.Exposed, error) {
		return seen, err
	})
}

func routes(a, b bool) map[string]bool { return map[string]bool{"subnet-a": a, "subnet-b": b} }

func TestConformExposure(t *testing.T) {
	public := broken["publicly-accessible"]
	for check, c := range map[*diag.Check[*rdsdiag.Exposure]]struct {
		spoil func(*world)
		seen  rdsdiag.Exposed
	}{
		rdsdiag.PublicWithoutRoute: {public, rdsdiag.Exposed{Routes: routes(false, false)}},
		rdsdiag.NotPublic:          {func(*world) {}, rdsdiag.Exposed{}},
		rdsdiag.OpenToInternet:     {public, rdsdiag.Exposed{Routes: routes(true, true), Open: []string{"sg-0db"}}},
	} {
		diagtest.Conform(t, check, diagtest.Worlds[*rdsdiag.Exposure]{
			Healthy: func() (*rdsdiag.Exposure, []diagfake.Fake) {
				w := newWorld(public)
				return exposure(w, true, rdsdiag.Exposed{Routes: routes(true, true)}, nil), []diagfake.Fake{w.rds}
			},
			Broken: func() (*rdsdiag.Exposure, []diagfake.Fake) {
				w := newWorld(c.spoil)
				return exposure(w, true, c.seen, nil), []diagfake.Fake{w.rds}
			},
		})
	}
}

// TestExposure decides with care: an error only where a client outside has trouble.
func TestExposure(t *testing.T) {
	for _, c := range []struct {
		name    string
		public  *bool
		outside bool
		seen    rdsdiag.Exposed
		want    []string
	}{
		{"private, nobody outside", aws.Bool(false), false, rdsdiag.Exposed{}, nil},
		{"private, somebody outside", aws.Bool(false), true, rdsdiag.Exposed{}, []string{"rds.not-public error"}},
		{"not said whether public", nil, true, rdsdiag.Exposed{}, nil},
		{"public and routed", aws.Bool(true), true, rdsdiag.Exposed{Routes: routes(true, true)}, nil},
		{"public, no route, nobody outside", aws.Bool(true), false, rdsdiag.Exposed{Routes: routes(false, false)},
			[]string{"rds.public-without-route info"}},
		{"public, no route, somebody outside", aws.Bool(true), true, rdsdiag.Exposed{Routes: routes(false, false)},
			[]string{"rds.public-without-route error"}},
		{"public, half a route", aws.Bool(true), true, rdsdiag.Exposed{Routes: routes(true, false)},
			[]string{"rds.public-without-route warning"}},
		{"public, half is not known", aws.Bool(true), true, rdsdiag.Exposed{Routes: map[string]bool{"subnet-a": false}},
			[]string{"rds.public-without-route warning"}},
		{"public, nothing known", aws.Bool(true), true, rdsdiag.Exposed{}, nil},
		{"open to all", aws.Bool(true), false, rdsdiag.Exposed{Routes: routes(true, true), Open: []string{"sg-0db"}},
			[]string{"rds.open-to-internet info"}},
		{"open to all, and no route", aws.Bool(true), false,
			rdsdiag.Exposed{Routes: routes(false, false), Open: []string{"sg-0db"}},
			[]string{"rds.public-without-route info"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(func(w *world) { w.db().PubliclyAccessible = c.public })
			report := diagtest.Run(t, exposure(w, c.outside, c.seen, nil), rdsdiag.ExposureChecks()...)
			require.NoError(t, report.Err())
			var got []string
			for _, f := range report.Findings {
				got = append(got, string(f.Code)+" "+f.Severity.String())
			}
			assert.Equal(t, c.want, got)
		})
	}
	report := diagtest.Run(t, exposure(newWorld(broken["publicly-accessible"]), true, rdsdiag.Exposed{},
		diag.Errorf(diag.KindDenied, "no")), rdsdiag.PublicWithoutRoute)
	assert.NotEmpty(t, report.Inconclusive, "a network that is not visible is no all-clear")
}
