package ec2diag_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
	"github.com/awsdiag/awsdiag/ec2diag/groupfake"
)

const hosts = "hosts"

func minutesAgo(n int) time.Time { return now.Add(-time.Duration(n) * time.Minute) }

// groupWorld is a group that wants two instances and has them, unless it is changed.
func groupWorld(change func(*groupfake.Client)) diagtest.World[*ec2diag.ScalingGroup] {
	return func() (*ec2diag.ScalingGroup, []diagfake.Fake) {
		c := &groupfake.Client{
			Groups: []types.AutoScalingGroup{groupfake.Group(hosts, 2, "i-0hostA", "i-0hostB"), groupfake.Group("other", 1)},
			Activities: []types.Activity{groupfake.Launch(hosts, "i-0hostB", minutesAgo(50)),
				groupfake.Launch(hosts, "i-0hostA", minutesAgo(55))},
		}
		if change != nil {
			change(c)
		}
		return ec2diag.NewScalingGroup(c, hosts, window), []diagfake.Fake{c}
	}
}

// launchFails lets the newest launch of the group fail, so that it is one instance short.
func launchFails(message string) func(*groupfake.Client) {
	return func(c *groupfake.Client) {
		c.Groups[0].Instances = c.Groups[0].Instances[:1]
		c.Activities = append(c.Activities, groupfake.FailedLaunch(hosts, message, minutesAgo(5)))
	}
}

// launchMessages are what RunInstances says, as the troubleshooting page and "Error codes for the Amazon EC2 API" have
// it.
var launchMessages = []struct {
	code    diag.Code
	message string
}{
	{"ec2.scaling-group-no-capacity",
		"We currently do not have sufficient c5.large capacity in the Availability Zone you " +
			"requested (eu-west-1a). Our system will be working on provisioning additional capacity. Launching EC2 instance failed."},
	{"ec2.scaling-group-no-capacity",
		"Could not launch Spot Instances. UnfulfillableCapacity - Unable to fulfill capacity due " +
			"to your request configuration. Launching EC2 instance failed."},
	{"ec2.scaling-group-quota",
		"Your quota allows for 0 more running instance(s). You requested at least 1. Launching EC2 " +
			"instance failed."},
	{"ec2.scaling-group-quota",
		"You have requested more vCPU capacity than your current vCPU limit of 32 allows for the " +
			"instance bucket that the specified instance type belongs to. Launching EC2 instance failed."},
	{"ec2.scaling-group-quota",
		"Could not launch Spot Instances. MaxSpotInstanceCountExceeded - Max spot instance count " +
			"exceeded. Launching EC2 instance failed."},
	{"ec2.scaling-group-no-addresses", "There are not enough free addresses in subnet 'subnet-0a1priv' to satisfy the " +
		"requested number of instances. Launching EC2 instance failed."},
	{"ec2.scaling-group-key-denied", "Instance became unhealthy while waiting for instance to be in InService state. " +
		"Termination Reason: Client.InternalError: Client error on launch"},
	{"ec2.scaling-group-key-unusable", "Instance became unhealthy while waiting for instance to be in InService state. " +
		"Termination Reason: Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state"},
	{"ec2.scaling-group-not-permitted",
		"You are not authorized to perform this operation. Encoded authorization failure " +
			"message: x. Launching EC2 instance failed."},
	{"ec2.scaling-group-template-broken", "The security group 'sg-0gone' does not exist. Launching EC2 instance failed."},
	{"ec2.scaling-group-template-broken", "The image id '[ami-0gone]' does not exist. Launching EC2 instance failed."},
	{"ec2.scaling-group-template-broken", "The requested configuration is currently not supported. Please check the " +
		"documentation for supported configurations. Launching EC2 instance failed."},
	{"ec2.scaling-group-template-broken", "Invalid device name upload. Launching EC2 instance failed."},
	{"ec2.scaling-group-launch-failed", "Something new. Launching EC2 instance failed."},
}

func TestScalingGroupLaunches(t *testing.T) {
	for _, test := range launchMessages {
		g, _ := groupWorld(launchFails(test.message))()
		report := diagtest.Run(t, g, ec2diag.ScalingGroupChecks()...)
		diagtest.Want(t, report, test.code)
		f := diagtest.Only(t, report, test.code)
		assert.Equal(t, diag.SeverityError, f.Severity, test.message)
		assert.Equal(t, "Auto Scaling group hosts has 1 of 2 instances in service; 1 launch failed, the last: "+
			test.message, f.Summary)
		assert.Equal(t, minutesAgo(5), f.Since)
	}
}

// TestScalingGroupLaunchCutShort is that a launch which EC2 took and ended again, Cancelled, counts as failed, unless
// somebody called it off.
func TestScalingGroupLaunchCutShort(t *testing.T) {
	unhealthy := "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: "
	for _, test := range []struct {
		name, message string
		want          []diag.Code
	}{
		{"a quota of volumes", unhealthy + "Client.VolumeLimitExceeded: Volume limit exceeded",
			[]diag.Code{"ec2.scaling-group-quota"}},
		{"a key", unhealthy + "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state",
			[]diag.Code{"ec2.scaling-group-key-unusable"}},
		{"by a user", unhealthy + "Client.UserInitiatedShutdown: User initiated shutdown", nil},
		{"for no reason", "", nil},
	} {
		g, _ := groupWorld(func(c *groupfake.Client) {
			launchFails(test.message)(c)
			c.Activities[len(c.Activities)-1].StatusCode = types.ScalingActivityStatusCodeCancelled
		})()
		diagtest.Want(t, diagtest.Run(t, g, ec2diag.ScalingGroupChecks()...), test.want...)
	}
}

// TestScalingGroupRecovered is that failed launches are information once the group has what it wants, or launches
// again.
func TestScalingGroupRecovered(t *testing.T) {
	for name, change := range map[string]func(*groupfake.Client){
		"complete": func(c *groupfake.Client) {
			c.Activities = append(c.Activities, groupfake.FailedLaunch(hosts, "no Spot capacity", minutesAgo(5)))
		},
		"launches again": func(c *groupfake.Client) {
			launchFails("no Spot capacity")(c)
			c.Activities = append(c.Activities, groupfake.Launch(hosts, "i-0new", minutesAgo(2)))
		},
	} {
		g, _ := groupWorld(change)()
		f := diagtest.Only(t, diagtest.Run(t, g, ec2diag.ScalingGroupChecks()...), "ec2.scaling-group-no-capacity")
		assert.Equal(t, diag.SeverityInfo, f.Severity, name)
	}
}

func TestConformScalingGroup(t *testing.T) {
	diagtest.ReadOnly[ec2diag.ScalingGroupAPI](t)
	broken := map[diag.Code]func(*groupfake.Client){
		"ec2.scaling-group-replaces": func(c *groupfake.Client) {
			for n := range 3 {
				c.Activities = append(c.Activities, groupfake.Termination(hosts, "i-0old",
					"an instance was taken out of service in response to an ELB system health check failure.", minutesAgo(10+n)))
			}
		},
		"ec2.scaling-group-suspended": func(c *groupfake.Client) {
			c.Groups[0].Instances = nil
			c.Groups[0].SuspendedProcesses = []types.SuspendedProcess{
				{ProcessName: aws.String("Launch"), SuspensionReason: aws.String("User suspended at 2026-03-01T10:00:00Z")},
			}
		},
		"ec2.scaling-group-one-zone": func(c *groupfake.Client) { c.Groups[0].AvailabilityZones = []string{"eu-west-1a"} },
	}
	for _, test := range launchMessages {
		broken[test.code] = launchFails(test.message)
	}
	broken["ec2.scaling-group-at-maximum"] = func(c *groupfake.Client) { c.Groups[0].MaxSize = aws.Int32(2) }
	for _, check := range append(ec2diag.ScalingGroupChecks(), ec2diag.ScalingGroupPlacementChecks()...) {
		require.NotNil(t, broken[check.Code], check.Code)
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.ScalingGroup]{Healthy: groupWorld(nil),
			Broken: groupWorld(broken[check.Code])})
	}
}

// ended is an instance that its group ended for a cause.
func ended(t *testing.T, cause string) diagtest.World[*ec2diag.Instance] {
	return func() (*ec2diag.Instance, []diagfake.Fake) {
		c := edit(func(c *ec2fake.Client) {
			c.Instances[0].Tags = []ec2types.Tag{{Key: aws.String("aws:autoscaling:groupName"), Value: aws.String(hosts)}}
			if cause != "" {
				stopped(ec2types.InstanceStateNameTerminated, "Client.UserInitiatedShutdown")(c)
			}
		})
		g := &groupfake.Client{Groups: []types.AutoScalingGroup{groupfake.Group(hosts, 2)}, Activities: []types.Activity{
			groupfake.Termination(hosts, ec2fake.InstanceA, cause, minutesAgo(9)),
			groupfake.Termination(hosts, "i-0other", "an instance was taken out of service in response to a user request.",
				minutesAgo(3)),
		}}
		group := ec2diag.NewScalingGroup(g, hosts, window)
		i := ec2diag.NewInstance(c, ec2fake.InstanceA, window).WithScalingGroups(func(name string) *ec2diag.ScalingGroup {
			require.Equal(t, hosts, name)
			return group
		})
		return i, []diagfake.Fake{c, g}
	}
}

// TestEndedByScalingGroup takes the causes as Auto Scaling writes them ("View the reason for health check failures";
// "Why did Amazon EC2 Auto Scaling terminate an instance?", AWS re:Post).
func TestEndedByScalingGroup(t *testing.T) {
	const out = "an instance was taken out of service in response to "
	for _, test := range []struct {
		cause, text string
		severity    diag.Severity
	}{
		{out + "an ELB system health check failure.", "it failed the health checks of the load balancer",
			diag.SeverityWarning},
		{out + "an EC2 health check indicating it has been terminated or stopped.", "it was found stopped or terminated",
			diag.SeverityWarning},
		{out + "an EC2 instance status checks failure.", "it failed the status checks of EC2", diag.SeverityWarning},
		{out + "a user health-check.", "a health check of yours called it unhealthy", diag.SeverityWarning},
		{out + "EBS volume health check failure.", "a volume of it was impaired", diag.SeverityWarning},
		{out + "an EC2 Spot instance interruption notice.", "EC2 took its Spot capacity back", diag.SeverityWarning},
		{out + "an EC2 instance rebalance recommendation.", "its Spot capacity was at risk", diag.SeverityInfo},
		{"a user request update of AutoScalingGroup constraints changing the desired capacity from 3 to 2.  At x " + out +
			"a difference between desired and actual capacity, shrinking the capacity from 3 to 2.", "somebody asked for it",
			diag.SeverityInfo},
		{"a monitor alarm low in state ALARM triggered policy p changing the desired capacity from 2 to 1.  At x " + out +
			"a difference between desired and actual capacity, shrinking the capacity from 2 to 1.", "the group scaled in",
			diag.SeverityInfo},
		{out + "an instance refresh.", "an instance refresh replaced it", diag.SeverityInfo},
		{"something unheard of.", "its group gave no known reason", diag.SeverityInfo},
	} {
		i, _ := ended(t, test.cause)()
		f := diagtest.Only(t, diagtest.Run(t, i, ec2diag.EndedByScalingGroup), "ec2.instance-ended-by-scaling-group")
		assert.Equal(t, "Auto Scaling group hosts ended instance i-0hostA: "+test.text, f.Summary)
		assert.Equal(t, test.severity, f.Severity, test.cause)
		assert.Equal(t, minutesAgo(9), f.Since)
	}
	diagtest.Conform(t, ec2diag.EndedByScalingGroup, diagtest.Worlds[*ec2diag.Instance]{
		Healthy: ended(t, ""), Broken: ended(t, out+"an ELB system health check failure."),
	})
}

// TestGroupOfRunningInstance is that nobody asks for the group of an instance that runs.
func TestGroupOfRunningInstance(t *testing.T) {
	i, fakes := ended(t, "")()
	report := diag.Run(t.Context(), diag.On(i, ec2diag.InstanceChecks()...), diag.Observe(i, ec2diag.InstanceSurvey))
	assert.NoError(t, report.Err())
	assert.Empty(t, fakes[1].Calls())
	for _, l := range report.Links {
		assert.NotEqual(t, "AWS::AutoScaling::AutoScalingGroup", l.To.Type)
	}
}
