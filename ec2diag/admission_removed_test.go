package ec2diag_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

// admission is that of the first instance of the healthy account, out of whose group rules were taken.
func admission(change func(*ec2fake.Client), groups ...string) diagtest.World[*ec2diag.Admission] {
	return func() (*ec2diag.Admission, []diagfake.Fake) {
		c := edit(change)
		i := ec2diag.NewInstance(c, *c.Instances[0].InstanceId, window)
		return ec2diag.NewAdmission(i, func(ctx context.Context) ([]ec2diag.RemovedRule, error) {
			_, err := diagfake.Serve(ctx, &c.Recorder, "cloudtrail:LookupEvents", &struct{}{},
				func(*struct{}) (*struct{}, error) { return &struct{}{}, nil })
			if err != nil {
				return nil, err
			}
			var removed []ec2diag.RemovedRule
			for n, g := range groups {
				removed = append(removed, ec2diag.RemovedRule{At: minutesAgo(40 - n), Group: g, Summary: "paul removed tcp 22"})
			}
			return removed, nil
		}), []diagfake.Fake{c}
	}
}

func TestAdmissionRemoved(t *testing.T) {
	own := *ec2fake.Healthy().Instances[0].SecurityGroups[0].GroupId
	for _, check := range ec2diag.AdmissionChecks() {
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Admission]{Healthy: admission(nil), Broken: admission(nil, own)})
	}
	a, _ := admission(nil, "sg-0other", own)()
	f := diagtest.Only(t, diagtest.Run(t, a, ec2diag.AdmissionRemoved), "ec2.admission-removed")
	assert.Equal(t, "security group "+own+" of instance "+a.Resource().ID+" lets less in: paul removed tcp 22", f.Summary)
	assert.Equal(t, minutesAgo(39), f.Since)
	assert.Equal(t, diag.SeverityWarning, f.Severity)

	stopped, _ := admission(func(c *ec2fake.Client) { c.Instances[0].State.Name = types.InstanceStateNameStopped }, own)()
	diagtest.Want(t, diagtest.Run(t, stopped, ec2diag.AdmissionRemoved))
}
