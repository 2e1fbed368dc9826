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

func instanceWorld(change func(*ec2fake.Client)) diagtest.World[*ec2diag.Instance] {
	return func() (*ec2diag.Instance, []diagfake.Fake) {
		c := edit(change)
		return ec2diag.NewInstance(c, ec2fake.InstanceA, window), []diagfake.Fake{c}
	}
}

// stopped stops the instance for a reason.
func stopped(state types.InstanceStateName, reason string) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		i := &c.Instances[0]
		i.State = &types.InstanceState{Name: state}
		i.StateReason = &types.StateReason{Code: aws.String(reason), Message: aws.String(reason + ": in words")}
		i.StateTransitionReason = aws.String("User initiated (2026-03-01 11:20:00 GMT)")
	}
}

// impaired makes the instance status check fail and the console say something.
func impaired(console string) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		s := *c.InstanceStatuses[0].InstanceStatus
		s.Status = types.SummaryStatusImpaired
		s.Details = []types.InstanceStatusDetails{
			{Name: types.StatusNameReachability, Status: types.StatusTypeFailed, ImpairedSince: aws.Time(now.Add(-time.Hour))},
		}
		c.InstanceStatuses[0].InstanceStatus = &s
		c.ConsoleOutputs = map[string]ec2fake.ConsoleOutput{
			ec2fake.InstanceA: {Text: console, At: now.Add(-50 * time.Minute)},
		}
	}
}

// consoleTexts show each signature.
var consoleTexts = map[diag.Code]string{
	"ec2.kernel-panic":            "Kernel panic - not syncing: Attempted to kill init!",
	"ec2.out-of-memory":           "Out of memory: Killed process 1 (java)",
	"ec2.kernel-incompatible":     "ERROR: mmu_update failed with rc=-22",
	"ec2.kernel-module-missing":   "FATAL: Could not load /lib/modules/x/modules.dep",
	"ec2.disk-io-error":           "Buffer I/O error on device xvdf",
	"ec2.selinux-policy-missing":  "Unable to load SELinux Policy.",
	"ec2.boot-device-missing":     "Timed out waiting for device /dev/xvdf.",
	"ec2.file-system-not-mounted": "General error mounting filesystems.",
	"ec2.file-system-check":       "/dev/xvda1 has gone 400 days without being checked, check forced",
	"ec2.boot-loader-stuck":       "grub rescue>",
	"ec2.network-not-configured":  "No DHCPOFFERS received.", "ec2.disk-full": "No space left on device",
	"ec2.file-system-read-only": "Remounting filesystem read-only",
	"ec2.user-data-ignored":     "handlers[WARNING]: Unhandled non-multipart (text/x-not-multipart) userdata: 'b'echo hello'...'",
	"ec2.cloud-init-failed":     "cloud-init[1]: Failed to run module scripts-user",
}

// asksOthers are the checks that look beyond EC2 or at more than any host; their worlds stand in files of their own.
var asksOthers = map[diag.Code]bool{"ec2.instance-ended-by-scaling-group": true,
	"ec2.instance-interfaces-used-up": true,
	"ec2.ebs-check-failed":            true, "ec2.user-data-ignored": true, "ec2.cloud-init-failed": true}

func TestConformInstance(t *testing.T) {
	diagtest.ReadOnly[ec2diag.InstanceAPI](t)
	reasons := map[diag.Code]string{
		"ec2.instance-key-unusable":          "Client.InvalidKMSKey.InvalidState",
		"ec2.instance-stopped-by-call":       "Client.UserInitiatedShutdown",
		"ec2.instance-hibernated":            "Client.UserInitiatedHibernate",
		"ec2.instance-shut-down-inside":      "Client.InstanceInitiatedShutdown",
		"ec2.instance-terminated-for-image":  "Client.InstanceTerminated",
		"ec2.instance-client-error":          "Client.InternalError",
		"ec2.instance-snapshot-missing":      "Client.InvalidSnapshot.NotFound",
		"ec2.instance-volume-limit":          "Client.VolumeLimitExceeded",
		"ec2.instance-internal-error":        "Server.InternalError",
		"ec2.instance-retired":               "Server.ScheduledStop",
		"ec2.instance-insufficient-capacity": "Server.InsufficientInstanceCapacity",
		"ec2.instance-spot-terminated":       "Server.SpotInstanceTermination",
		"ec2.instance-spot-stopped":          "Server.SpotInstanceShutdown",
	}
	broken := map[diag.Code]func(*ec2fake.Client){
		"ec2.instance-not-running": func(c *ec2fake.Client) { c.Instances[0].State.Name = types.InstanceStateNameStopped },
		"ec2.system-check-failed": func(c *ec2fake.Client) {
			c.InstanceStatuses[0].SystemStatus = &types.InstanceStatusSummary{Status: types.SummaryStatusImpaired}
		},
		"ec2.instance-check-failed":    impaired(""),
		"ec2.ebs-check-failed":         func(c *ec2fake.Client) { c.InstanceStatuses[0].AttachedEbsStatus.Status = types.SummaryStatusImpaired },
		"ec2.instance-event-scheduled": scheduled(24*time.Hour, "The instance is running on degraded hardware"),
		"ec2.instance-metadata-off": func(c *ec2fake.Client) {
			c.Instances[0].MetadataOptions = &types.InstanceMetadataOptionsResponse{
				HttpEndpoint: types.InstanceMetadataEndpointStateDisabled,
			}
		},
	}
	for code, reason := range reasons {
		broken[code] = stopped(types.InstanceStateNameStopped, reason)
	}
	for code, text := range consoleTexts {
		broken[code] = impaired("booting\n" + text + "\n")
	}
	for _, check := range ec2diag.InstanceChecks() {
		if asksOthers[check.Code] {
			continue
		}
		require.NotNil(t, broken[check.Code], check.Code)
		diagtest.Conform(
			t,
			check,
			diagtest.Worlds[*ec2diag.Instance]{Healthy: instanceWorld(nil), Broken: instanceWorld(broken[check.Code])},
		)
	}
}

func scheduled(in time.Duration, description string) func(*ec2fake.Client) {
	return func(c *ec2fake.Client) {
		c.InstanceStatuses[0].Events = []types.InstanceStatusEvent{{
			InstanceEventId: aws.String("instance-event-0a"), Code: types.EventCodeInstanceRetirement,
			Description: aws.String(description), NotBefore: aws.Time(now.Add(in)),
		}}
	}
}

func TestInstance(t *testing.T) {
	scaledIn := func(c *ec2fake.Client) {
		c.Instances[0].Tags = []types.Tag{{Key: aws.String("aws:autoscaling:groupName"), Value: aws.String("web")}}
	}
	for _, test := range []struct {
		name   string
		change func(*ec2fake.Client)
		worst  diag.Severity
		want   []diag.Code
	}{
		{"runs", nil, 0, nil},
		{"stopped by a call", stopped(types.InstanceStateNameStopped, "Client.UserInitiatedShutdown"), diag.SeverityError,
			[]diag.Code{"ec2.instance-stopped-by-call"}},
		{"terminated by a call", stopped(types.InstanceStateNameTerminated, "Client.UserInitiatedShutdown"),
			diag.SeverityWarning, []diag.Code{"ec2.instance-stopped-by-call"}},
		{"scaled in", and(stopped(types.InstanceStateNameTerminated, "Client.UserInitiatedShutdown"), scaledIn),
			diag.SeverityInfo, []diag.Code{"ec2.instance-stopped-by-call"}},
		{"spot in a group", and(stopped(types.InstanceStateNameTerminated, "Server.SpotInstanceTermination"), scaledIn),
			diag.SeverityError, []diag.Code{"ec2.instance-spot-terminated"}},
		{"event next month", scheduled(30*24*time.Hour, "maintenance"), diag.SeverityInfo,
			[]diag.Code{"ec2.instance-event-scheduled"}},
		{"event tomorrow", scheduled(24*time.Hour, "maintenance"), diag.SeverityWarning,
			[]diag.Code{"ec2.instance-event-scheduled"}},
		{"event that is over", scheduled(-24*time.Hour, "[Completed] maintenance"), 0, nil},
		{"out of memory long ago, sound now", func(c *ec2fake.Client) {
			c.ConsoleOutputs = map[string]ec2fake.ConsoleOutput{ec2fake.InstanceA: {Text: "Out of memory: Killed process 1"}}
		}, 0, nil},
		{"still starting", func(c *ec2fake.Client) {
			c.InstanceStatuses[0].InstanceStatus = &types.InstanceStatusSummary{Status: types.SummaryStatusInitializing}
		}, 0, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			i, _ := instanceWorld(test.change)()
			report := diagtest.Run(t, i, ec2diag.InstanceChecks()...)
			diagtest.Want(t, report, test.want...)
			assert.Equal(t, test.worst, report.Worst())
		})
	}
}

// TestConsoleExplainsStatusCheck is the chain from what the console shows to the check that fails for it.
func TestConsoleExplainsStatusCheck(t *testing.T) {
	i, _ := instanceWorld(impaired("FATAL: kernel too old\nKernel panic - not syncing: Attempted to kill init!"))()
	report := diagtest.Run(t, i, ec2diag.InstanceChecks()...)
	require.Len(t, report.Roots(), 1)
	root := report.Roots()[0]
	assert.Equal(t, diag.Code("ec2.kernel-panic"), root.Code)
	assert.Equal(
		t,
		"console of instance i-0hostA shows: Kernel panic - not syncing: Attempted to kill init!",
		root.Summary,
	)
	require.Len(t, root.Explains, 1)
	assert.Equal(
		t,
		"instance status check of instance i-0hostA fails since 2026-03-01T11:00:00Z",
		root.Explains[0].Summary,
	)
}

func TestInstanceThatDoesNotExist(t *testing.T) {
	report := diagtest.Run(t, ec2diag.NewInstance(&ec2fake.Client{}, "i-0none", window), ec2diag.InstanceStateChecks()...)
	assert.Equal(t, diag.KindNotFound, diag.KindOf(report.Err()))
}

func TestInstancesOfSavedWorlds(t *testing.T) {
	for _, name := range []string{"healthy-rolling-deployment", "healthy-scale-in-and-jobs", "ssm-endpoints-removed"} {
		c := savedWorld(t, name)
		list, err := ec2diag.Instances(t.Context(), c, window)
		require.NoError(t, err)
		require.NotEmpty(t, list)
		plan := diag.Plan{}
		for _, i := range list {
			plan = diag.Join(plan, diag.On(i, ec2diag.InstanceChecks()...), diag.Observe(i, ec2diag.InstanceSurvey))
		}
		report := diag.Runner{Window: window}.Run(t.Context(), plan)
		assert.NoError(t, report.Err())
		assert.Empty(t, report.Findings)
		assert.NotEmpty(t, report.Links)
		assert.Len(t, c.Calls(), 2, "one list, one status for all")
	}
}
