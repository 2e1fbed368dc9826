package triage_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/triage"
)

// TestPlainNames: whatever goes by a name is found by it, and where several resources share one, the symptom decides.
func TestPlainNames(t *testing.T) {
	const twin = "twin"
	name := func(w *world, i int, name string) {
		w.EC2.Instances[i].Tags = []ec2.Tag{{Key: aws.String("Name"), Value: aws.String(name)}}
	}
	for _, tt := range []struct {
		name, target string
		kind         triage.SymptomKind
		change       func(*world)
		typ, says    string // the type of the resource found, or words of the error
	}{
		{"database", "bookingprod-db-bdde974a88e3", triage.DBSlow, nil, "AWS::RDS::DBInstance", ""},
		{"instance by its tag", "web host", triage.InstanceUnreachable, func(w *world) { name(w, 0, "web host") },
			"AWS::EC2::Instance", ""},
		{"instance of which an ended one had the name too", "web", triage.Unknown, func(w *world) {
			name(w, 0, "web")
			name(w, 1, "web")
			w.EC2.Instances[1].State = &ec2.InstanceState{Name: ec2.InstanceStateNameTerminated}
		}, "AWS::EC2::Instance", ""},
		{"two instances", "web", triage.SSMUnreachable, func(w *world) { name(w, 0, "web"); name(w, 1, "web") }, "", "is ambiguous"},
		{"no wildcard", "we*", triage.SSMUnreachable, func(w *world) { name(w, 0, "web") }, "", "no load balancer"},
		{"Auto Scaling group", "hosts", triage.Unknown, func(w *world) {
			w.AutoScaling.Groups = append(w.AutoScaling.Groups, types.AutoScalingGroup{AutoScalingGroupName: aws.String("hosts")})
		}, "AWS::AutoScaling::AutoScalingGroup", ""},
		{"a database and an instance, the database is slow", twin, triage.DBSlow, func(w *world) {
			name(w, 0, twin)
			w.RDS.DBInstances[0].DBInstanceIdentifier = aws.String(twin)
		}, "AWS::RDS::DBInstance", ""},
		{"a database and an instance, the instance does not answer", twin, triage.InstanceUnreachable, func(w *world) {
			name(w, 0, twin)
			w.RDS.DBInstances[0].DBInstanceIdentifier = aws.String(twin)
		}, "AWS::EC2::Instance", ""},
		{"a database and an instance, and nobody says what", twin, triage.Unknown, func(w *world) {
			name(w, 0, twin)
			w.RDS.DBInstances[0].DBInstanceIdentifier = aws.String(twin)
		}, "", "AWS::RDS::DBInstance twin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			if tt.change != nil {
				tt.change(w)
			}
			report, err := triage.Investigate(t.Context(), []triage.Scope{w.Scope()},
				triage.Symptom{Kind: tt.kind, Target: tt.target}, triage.Options{Now: w.now})
			if tt.says != "" {
				require.ErrorContains(t, err, tt.says)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.typ, report.Focus.Type)
		})
	}
}
