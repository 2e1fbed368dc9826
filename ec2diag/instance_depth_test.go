package ec2diag_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ec2diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

const (
	failedScript = "2026-03-01 11:44:07,241 - cc_scripts_user.py[WARNING]: Failed to run module scripts-user (scripts in " +
		"/var/lib/cloud/instance/scripts)\n"
	unhandled = "2026-03-01 11:44:07,241 - __init__.py[WARNING]: Unhandled non-multipart (text/x-not-multipart) userdata: " +
		"'b'# cloud-config'...'\n"
)

// complete gives the instance a volume, an instance profile, and a type with room for one more interface.
func complete(c *ec2fake.Client) {
	i := &c.Instances[0]
	i.InstanceType, i.LaunchTime = types.InstanceTypeC5Large, aws.Time(now.Add(-30*time.Minute))
	i.BlockDeviceMappings = []types.InstanceBlockDeviceMapping{{Ebs: &types.EbsInstanceBlockDevice{VolumeId: aws.String(volume)}}}
	i.IamInstanceProfile = &types.IamInstanceProfile{Arn: aws.String("arn:aws:iam::111122223333:instance-profile/host")}
	i.NetworkInterfaces = make([]types.InstanceNetworkInterface, 2)
	c.VolumeStatuses = []types.VolumeStatusItem{{VolumeId: aws.String(volume), VolumeStatus: &types.VolumeStatusInfo{
		Status: types.VolumeStatusInfoStatusOk, Details: []types.VolumeStatusDetails{
			{Name: types.VolumeStatusNameIoEnabled, Status: aws.String("passed")}},
	}}}
	c.InstanceTypes = []types.InstanceTypeInfo{{InstanceType: types.InstanceTypeC5Large,
		NetworkInfo: &types.NetworkInfo{MaximumNetworkInterfaces: aws.Int32(3)}}}
	c.ProfileAssociations = []types.IamInstanceProfileAssociation{{AssociationId: aws.String("iip-assoc-0a"),
		InstanceId: aws.String(ec2fake.InstanceA), State: types.IamInstanceProfileAssociationStateAssociated,
		IamInstanceProfile: c.Instances[0].IamInstanceProfile}}
}

// frozen turns the I/O of the volume off.
func frozen(c *ec2fake.Client) {
	s := &c.VolumeStatuses[0]
	s.VolumeStatus.Status, s.VolumeStatus.Details[0].Status = types.VolumeStatusInfoStatusImpaired, aws.String("failed")
	s.Events = []types.VolumeStatusEvent{{EventType: aws.String("potential-data-inconsistency"),
		EventId:     aws.String("evol-0a"),
		Description: aws.String("THIS IS AN EXAMPLE"), NotBefore: aws.Time(now.Add(-10 * time.Minute))}}
}

func ebsFails(c *ec2fake.Client) {
	c.InstanceStatuses[0].AttachedEbsStatus = &types.EbsStatusSummary{Status: types.SummaryStatusImpaired}
}

func leaving(c *ec2fake.Client) {
	c.ProfileAssociations[0].State = types.IamInstanceProfileAssociationStateDisassociating
	c.ProfileAssociations[0].Timestamp = aws.Time(now.Add(-5 * time.Minute))
}

func profileless(c *ec2fake.Client) {
	c.Instances[0].IamInstanceProfile, c.ProfileAssociations = nil, nil
}

func interfaces(kinds ...string) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		c.Instances[0].NetworkInterfaces = nil
		for _, k := range kinds {
			c.Instances[0].NetworkInterfaces = append(c.Instances[0].NetworkInterfaces,
				types.InstanceNetworkInterface{InterfaceType: aws.String(k)})
		}
	}
}

func deepWorld(change func(*ec2fake.Client)) diagtest.World[*ec2diag.Instance] {
	return func() (*ec2diag.Instance, []diagfake.Fake) {
		c := edit(and(complete, func(c *ec2fake.Client) {
			if change != nil {
				change(c)
			}
		}))
		return ec2diag.NewInstance(c, ec2fake.InstanceA, window).CountInterfaces().ReadConsole(time.Hour), []diagfake.Fake{c}
	}
}

func TestInstanceInDepth(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*ec2fake.Client)
		code   diag.Code
		says   string
	}{
		{"sound", nil, "", ""},
		{"I/O of a volume turned off", frozen, "ec2.volume-impaired",
			"volume vol-0root of instance i-0hostA has its I/O turned off, because its data may be inconsistent"},
		{"I/O turned off, told with the check that fails", and(frozen, ebsFails), "ec2.ebs-check-failed",
			"attached EBS status check of instance i-0hostA fails; volume vol-0root has its I/O turned off, because its data may be " +
				"inconsistent"},
		{"volume impaired otherwise", and(frozen, func(c *ec2fake.Client) { c.VolumeStatuses[0].VolumeStatus.Details = nil }),
			"ec2.volume-impaired", "volume vol-0root of instance i-0hostA is impaired"},
		{"volume slow", func(c *ec2fake.Client) {
			c.VolumeStatuses[0].VolumeStatus.Status = types.VolumeStatusInfoStatusWarning
		}, "", ""},
		{"volume not known yet", func(c *ec2fake.Client) { c.VolumeStatuses = nil }, "", ""},
		{"profile leaves", leaving, "ec2.instance-profile-leaving",
			"instance profile host is being taken from instance i-0hostA"},
		{"profile exchanged", and(leaving, func(c *ec2fake.Client) {
			next := c.ProfileAssociations[0]
			next.AssociationId, next.State = aws.String("iip-assoc-0b"), types.IamInstanceProfileAssociationStateAssociating
			c.ProfileAssociations = append(c.ProfileAssociations, next)
		}), "", ""},
		{"no profile", profileless, "ec2.instance-without-profile", "instance i-0hostA has no instance profile"},
		{"interfaces used up", interfaces("interface", "interface", "interface"), "ec2.instance-interfaces-used-up",
			"instance i-0hostA (c5.large) has 3 network interfaces attached, all that its type allows, and no trunk"},
		{"a trunk", interfaces("interface", "interface", "trunk"), "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, _ := deepWorld(test.change)()
			report := diagtest.Run(t, i, append(ec2diag.InstanceDepthChecks(), ec2diag.InstanceChecks()...)...)
			assert.NoError(t, report.Err())
			if test.code == "" {
				diagtest.Want(t, report)
				return
			}
			diagtest.Want(t, report, test.code)
			assert.Equal(t, test.says, report.Findings[0].Summary)
		})
	}
}

func TestConformInstanceDepth(t *testing.T) {
	for check, broken := range map[*diag.Check[*ec2diag.Instance]]func(*ec2fake.Client){
		ec2diag.VolumeImpaired: frozen, ec2diag.InstanceProfileLeaving: leaving, ec2diag.InstanceWithoutProfile: profileless,
		ec2diag.InterfacesUsedUp: interfaces("interface", "interface", "interface"),
		ec2diag.EBSCheckFailed:   and(frozen, ebsFails),
	} {
		diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Instance]{Healthy: deepWorld(nil), Broken: deepWorld(broken)})
	}
	for _, check := range ec2diag.ConsoleChecks() {
		if asksOthers[check.Code] {
			diagtest.Conform(t, check, diagtest.Worlds[*ec2diag.Instance]{Healthy: deepWorld(nil),
				Broken: deepWorld(func(c *ec2fake.Client) {
					c.ConsoleOutputs = map[string]ec2fake.ConsoleOutput{ec2fake.InstanceA: {Text: map[diag.Code]string{
						"ec2.user-data-ignored": unhandled, "ec2.cloud-init-failed": failedScript}[check.Code]}}
				})})
		}
	}
}

// TestUserData is that what user data did is told of a host that runs, and only of its last boot, and nothing of
// packages that are called after errors.
func TestUserData(t *testing.T) {
	const boot = "[    0.000000] Linux version 6.1.0\n"
	const failed = failedScript
	for _, test := range []struct {
		name, console string
		age           time.Duration
		want          []diag.Code
	}{
		{"sound",
			boot + "cloud-init[2012]: Installing : libgpg-error-1.42 perl-Error failedlogin\nOut of memory: Killed process 7\n" +
				"Cloud-init v. 22.2.2 finished at Sun, 01 Mar 2026 12:00:00 +0000. Up 22.38 seconds", time.Hour, nil},
		{"script failed", boot + failed, time.Hour, []diag.Code{"ec2.cloud-init-failed"}},
		{"unit failed", boot + "[FAILED] Failed to start Cloud-init: Final Stage.\n", time.Hour,
			[]diag.Code{"ec2.cloud-init-failed"}},
		{"not a script", boot + unhandled, time.Hour, []diag.Code{"ec2.user-data-ignored"}},
		{"script failed at an earlier boot", boot + failed + boot + "login:", time.Hour, nil},
		{"an old host, not asked for", boot + failed, time.Minute, nil},
	} {
		c := edit(and(complete, func(c *ec2fake.Client) {
			c.ConsoleOutputs = map[string]ec2fake.ConsoleOutput{ec2fake.InstanceA: {Text: test.console, At: now}}
		}))
		i := ec2diag.NewInstance(c, ec2fake.InstanceA, window).ReadConsole(test.age)
		report := diagtest.Run(t, i, ec2diag.ConsoleChecks()...)
		require.NoError(t, report.Err())
		diagtest.Want(t, report, test.want...)
		for _, f := range report.Findings {
			assert.Equal(t, diag.SeverityWarning, f.Severity, test.name)
		}
	}
}
