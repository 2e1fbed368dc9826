package triage

import (
	"context"
	"errors"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag"
)

// acquaint makes the scenes of an investigation know each other, so that what leads from one account or Region into
// another goes on there.
func acquaint(scenes []*Scene) {
	var networks []*ec2diag.Network
	for _, s := range scenes {
		networks = append(networks, s.network)
	}
	for _, s := range scenes {
		s.network.Beside(networks...)
		for _, o := range scenes {
			if o != s {
				s.others = append(s.others, o)
			}
		}
	}
}

// databaseAt finds the database that a host name leads to, and names it in its own account: in this scene first, then
// in the others of the Region that the name holds ("Finding the connection information for an Amazon RDS DB instance").
// It is nil if none of them has it.
func (s *Scene) databaseAt(ctx context.Context, host string) (diag.Subject, diag.Resource, error) {
	var errs []error
	for _, scene := range append([]*Scene{s}, s.others...) {
		if region := scene.Scope.Region; len(s.others) > 0 && region != "" && !strings.Contains(host, "."+region+".") {
			continue
		}
		db, err := scene.databases.ByEndpoint(ctx, host)
		if db != nil {
			return db, db.Resource().In(scene.Scope.Account, scene.Scope.Region), nil
		}
		errs = append(errs, err)
	}
	return nil, diag.Resource{}, errors.Join(errs...)
}
