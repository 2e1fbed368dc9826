package wiretest

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/guard"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/triage"
)

// TestScalingGroup reads an Auto Scaling group, its activities and one of its instances over the wire, with a guarded
// client. What the server does not implement must lead to an error, and never to an empty answer.
func TestScalingGroup(t *testing.T) {
	cfg, options := peer(t)
	ctx, now := t.Context(), time.Now()
	name := fmt.Sprintf("group-%d", now.UnixNano()%1_000_000_000)
	images, err := ec2.NewFromConfig(cfg).DescribeImages(ctx, &ec2.DescribeImagesInput{Owners: []string{"amazon"}})
	require.NoError(t, err)
	require.NotEmpty(t, images.Images)
	groups := autoscaling.NewFromConfig(cfg)
	_, err = groups.CreateLaunchConfiguration(ctx, &autoscaling.CreateLaunchConfigurationInput{
		LaunchConfigurationName: &name, ImageId: images.Images[0].ImageId, InstanceType: aws.String("t3.micro"),
	})
	require.NoError(t, err)
	_, err = groups.CreateAutoScalingGroup(ctx, &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: &name, LaunchConfigurationName: &name, MinSize: aws.Int32(1), MaxSize: aws.Int32(2),
		DesiredCapacity: aws.Int32(2), AvailabilityZones: []string{cfg.Region + "a"},
	})
	require.NoError(t, err)

	g, err := guard.New(guard.Options{Reason: "wire test"})
	require.NoError(t, err)
	scope, err := triage.NewScope(ctx, g.Config(cfg, "123456789012"), options)
	require.NoError(t, err)
	window := diag.Last(time.Hour, now)
	group := ec2diag.NewScalingGroup(scope.Clients.AutoScaling, name, window)
	described, err := group.Describe(ctx)
	require.NoError(t, err)
	assert.Equal(t, int32(2), *described.DesiredCapacity)
	require.Len(t, described.Instances, 2)
	assert.Equal(t, "InService", string(described.Instances[0].LifecycleState))

	report := diag.Run(ctx, diag.On(group, ec2diag.ScalingGroupChecks()...),
		diag.On(group, ec2diag.ScalingGroupPlacementChecks()...))
	assert.ElementsMatch(t, []diag.Code{"ec2.scaling-group-at-maximum", "ec2.scaling-group-one-zone"}, codes(report))
	if _, err := group.Activities(ctx); err != nil {
		t.Logf("the server tells no activities: %v", err)
		assert.Error(t, report.Err())
	}

	instance := ec2diag.NewInstance(scope.Clients.EC2, *described.Instances[0].InstanceId, window).CountInterfaces()
	report = diag.Run(ctx, diag.On(instance, append(ec2diag.InstanceDepthChecks(), ec2diag.InstanceChecks()...)...))
	for _, i := range report.Inconclusive {
		assert.NotEqual(t, diag.KindPanic, i.Kind, i.Err)
		t.Logf("could not see: %s: %s", i.Code, i.Err)
	}
	assert.Equal(t, []diag.Code{"ec2.instance-without-profile"}, codes(report))
	_, err = ec2diag.NewScalingGroup(scope.Clients.AutoScaling, "nobody", window).Describe(ctx)
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))
}
