package rdsdiag_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

const bgdID = "bgd-1a2b3c4d5e6f7a8b"

// deployment is a blue/green deployment of the world's instance, spoiled.
func deployment(spoil func(*types.BlueGreenDeployment)) func(*world) {
	return func(w *world) {
		b := rdsfake.BlueGreen(bgdID, dbID, now)
		spoil(&b)
		w.rds.BlueGreenDeployments = append(w.rds.BlueGreenDeployments, b)
	}
}

func statusOf(status, details string) func(*types.BlueGreenDeployment) {
	return func(b *types.BlueGreenDeployment) {
		b.Status = aws.String(status)
		if details != "" {
			b.StatusDetails = aws.String(details)
		}
	}
}

func member(status string) func(*types.BlueGreenDeployment) {
	return func(b *types.BlueGreenDeployment) { b.SwitchoverDetails[0].Status = aws.String(status) }
}

func sound(*types.BlueGreenDeployment) {}

// tells adds an event of the deployment.
func tells(ago time.Duration, message string) func(*world) {
	return func(w *world) {
		w.rds.Events = append(w.rds.Events, rdsfake.BlueGreenEvent(bgdID, now.Add(-ago), message))
	}
}

func (w *world) blueGreen() *rdsdiag.BlueGreenDeployment {
	return rdsdiag.NewBlueGreenDeployment(w.rds, bgdID, w.window)
}

func TestConformBlueGreen(t *testing.T) {
	broken := map[diag.Code]func(*world){
		"rds.blue-green-switchover-failed": both(deployment(statusOf("SWITCHOVER_FAILED", "Switchover timed out.")),
			tells(50*time.Minute, "Switchover from shop-db to shop-db-green-abc123 canceled.")),
		"rds.blue-green-switching": both(deployment(statusOf("SWITCHOVER_IN_PROGRESS", "")),
			tells(2*time.Minute, "Switchover started on blue/green deployment.")),
		"rds.blue-green-switchover-incomplete": deployment(func(b *types.BlueGreenDeployment) {
			statusOf("SWITCHOVER_COMPLETED", "")(b)
			member("SWITCHOVER_FAILED")(b)
		}),
		"rds.blue-green-invalid": deployment(statusOf("INVALID_CONFIGURATION", "Replication is broken.")),
	}
	for _, check := range rdsdiag.BlueGreenChecks() {
		at := func(spoil func(*world)) diagtest.World[*rdsdiag.BlueGreenDeployment] {
			return func() (*rdsdiag.BlueGreenDeployment, []diagfake.Fake) {
				w := newWorld(spoil)
				return w.blueGreen(), []diagfake.Fake{w.rds}
			}
		}
		require.Contains(t, broken, check.Code)
		diagtest.Conform(t, check, diagtest.Worlds[*rdsdiag.BlueGreenDeployment]{Healthy: at(deployment(sound)),
			Broken: at(broken[check.Code])})
	}
}

// TestBlueGreenStatuses has a verdict for every documented status of a deployment, of its tasks and of its members
// ("BlueGreenDeployment", "BlueGreenDeploymentTask", "SwitchoverDetail", Amazon RDS API Reference).
func TestBlueGreenStatuses(t *testing.T) {
	task := func(status string) func(*types.BlueGreenDeployment) {
		return func(b *types.BlueGreenDeployment) { b.Tasks[1].Status = aws.String(status) }
	}
	completed := func(then func(*types.BlueGreenDeployment)) func(*types.BlueGreenDeployment) {
		return func(b *types.BlueGreenDeployment) { statusOf("SWITCHOVER_COMPLETED", "")(b); then(b) }
	}
	for name, c := range map[string]struct {
		spoil func(*types.BlueGreenDeployment)
		want  string
		say   string
	}{
		"PROVISIONING": {statusOf("PROVISIONING", ""), "", ""},
		"AVAILABLE":    {statusOf("AVAILABLE", ""), "", ""},
		"SWITCHOVER_IN_PROGRESS": {statusOf("SWITCHOVER_IN_PROGRESS", ""), "rds.blue-green-switching warning",
			"nothing is written"},
		"SWITCHOVER_COMPLETED": {statusOf("SWITCHOVER_COMPLETED", ""), "", ""},
		"INVALID_CONFIGURATION": {statusOf("INVALID_CONFIGURATION", "Logical replication slot is lost."),
			"rds.blue-green-invalid warning",
			"blue/green deployment shop-db-upgrade, from shop-db to shop-db-green-abc123, has a green environment that cannot take " +
				"over: Logical replication slot is lost."},
		"SWITCHOVER_FAILED, long ago": {statusOf("SWITCHOVER_FAILED", "x"), "rds.blue-green-switchover-failed info",
			"failed to switch over: x"},
		"DELETING":                  {statusOf("DELETING", ""), "", ""},
		"no status":                 {func(b *types.BlueGreenDeployment) { b.Status = nil }, "", ""},
		"task PENDING":              {task("PENDING"), "", ""},
		"task IN_PROGRESS":          {task("IN_PROGRESS"), "", ""},
		"task COMPLETED":            {task("COMPLETED"), "", ""},
		"task FAILED":               {task("FAILED"), "rds.blue-green-invalid warning", "cannot take over"},
		"member PROVISIONING":       {member("PROVISIONING"), "", ""},
		"member AVAILABLE":          {member("AVAILABLE"), "", ""},
		"member MISSING_SOURCE":     {member("MISSING_SOURCE"), "rds.blue-green-invalid warning", "cannot take over"},
		"member MISSING_TARGET":     {member("MISSING_TARGET"), "rds.blue-green-invalid warning", "cannot take over"},
		"blue side deleted at last": {completed(member("MISSING_SOURCE")), "", ""},
		"one left behind": {completed(member("SWITCHOVER_FAILED")),
			"rds.blue-green-switchover-incomplete warning", "is switched over, but for 1 of 1: shop-db stays behind"},
	} {
		t.Run(name, func(t *testing.T) {
			report := diagtest.Run(t, newWorld(deployment(c.spoil)).blueGreen(), rdsdiag.BlueGreenChecks()...)
			require.NoError(t, report.Err())
			if c.want == "" {
				assert.Empty(t, report.Findings)
				return
			}
			require.Len(t, report.Findings, 1)
			f := report.Findings[0]
			assert.Equal(t, c.want, string(f.Code)+" "+f.Severity.String())
			assert.Contains(t, f.Summary, c.say)
		})
	}
}

// TestSwitchoverFailedInTheWindow takes its time from the event of the deployment.
func TestSwitchoverFailedInTheWindow(t *testing.T) {
	w := newWorld(deployment(statusOf("SWITCHOVER_FAILED", "Replica lag is too high.")),
		tells(52*time.Minute, "Switchover started on blue/green deployment."),
		tells(50*time.Minute, "Switchover canceled on blue/green deployment. Replica lag exceeds the timeout."))
	f := diagtest.Only(t, diagtest.Run(t, w.blueGreen(), rdsdiag.BlueGreenChecks()...), "rds.blue-green-switchover-failed")
	assert.Equal(t, diag.SeverityWarning, f.Severity)
	assert.Equal(t, now.Add(-50*time.Minute), f.Since)
	assert.Equal(t, f.Since, f.Until)
}

// TestBlueGreenIsAskedWithReason lists deployments where a name or an event tells of one, once for all databases.
func TestBlueGreenIsAskedWithReason(t *testing.T) {
	renamed := func(id string) func(*world) {
		return func(w *world) { w.db().DBInstanceIdentifier = aws.String(id) }
	}
	for _, c := range []struct {
		name, id string
		spoil    func(*world)
		calls    int
		links    int
	}{
		{"an ordinary database", dbID, deployment(sound), 0, 0},
		{"its event", dbID, both(deployment(sound), happens(50*time.Minute, "Switchover from DB instance shop-db to "+
			"shop-db-green-abc123 started.")), 1, 1},
		{"an event of failover", dbID, both(deployment(sound), happens(50*time.Minute, "Multi-AZ instance failover started")),
			0, 0},
		{"its green name", "shop-db-green-abc123", both(deployment(sound), renamed("shop-db-green-abc123")), 1, 1},
		{"its former name", "shop-db-old1", both(deployment(sound), renamed("shop-db-old1")), 1, 0},
		{"a name that only sounds so", "goldfish-old", renamed("goldfish-old"), 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(c.spoil)
			directory := rdsdiag.NewDirectory(w.rds, w.source(), w.window)
			survey := rdsdiag.BlueGreenSurvey[*rdsdiag.DBInstance](directory)
			for range 2 {
				links, err := survey.Links(t.Context(), directory.DBInstance(c.id))
				require.NoError(t, err)
				assert.Len(t, links, c.links)
				for _, l := range links {
					assert.Equal(t, diag.Resource{Type: rdsdiag.TypeBlueGreen, ID: bgdID}, l.To)
				}
			}
			assert.Equal(t, c.calls, calls(w, "rds:DescribeBlueGreenDeployments"))
		})
	}
}

// TestSwitchoverEvents tells a switchover as what it was, and not as a failover.
func TestSwitchoverEvents(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil []func(*world)
		codes []diag.Code
		say   string
	}{
		{"done",
			[]func(*world){happens(50*time.Minute,
				"Switchover from primary source shop-db to target shop-db-green-abc123 started."),
				happens(49*time.Minute,
					"Switchover from primary source shop-db to target shop-db-green-abc123 completed and databases renamed.")},
			[]diag.Code{"rds.switched-over"}, "shop-db was switched over from 11:10 to 11:11 UTC"},
		{"taken back",
			[]func(*world){happens(50*time.Minute, "Switchover from source shop-db to target shop-db-green-abc123 started."),
				happens(45*time.Minute, "Switchover from source shop-db to target shop-db-green-abc123 canceled.")},
			[]diag.Code{"rds.switchover-failed"}, "shop-db was not switched over from 11:10 to 11:15 UTC"},
		{"under way",
			[]func(*world){happens(time.Minute, "Switchover from DB instance shop-db to shop-db-green-abc123 started.")},
			[]diag.Code{"rds.switched-over"}, "was switched over at 11:59 UTC"},
		{"of a global database",
			[]func(*world){happens(50*time.Minute, "Global switchover to DB cluster eu in Region eu-west-1 started."),
				happens(48*time.Minute, "Global switchover to DB cluster eu in Region eu-west-1 finished.")},
			[]diag.Code{"rds.failed-over"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, newWorld(c.spoil...).instance(), rdsdiag.InstanceEvents()...)
			diagtest.Want(t, report, c.codes...)
			assert.Contains(t, report.Findings[0].Summary, c.say)
			assert.False(t, report.Findings[0].Since.IsZero())
		})
	}
}

// TestBlueGreenNotFound and a list that is denied are errors of their kind.
func TestBlueGreenNotFound(t *testing.T) {
	_, err := newWorld().blueGreen().Describe(t.Context())
	assert.Equal(t, diag.KindNotFound, diag.KindOf(err))

	w := newWorld(happens(50*time.Minute, "Switchover from DB instance shop-db to shop-db-green-abc123 started."))
	w.rds.Deny("rds:DescribeBlueGreenDeployments")
	directory := rdsdiag.NewDirectory(w.rds, w.source(), w.window)
	_, err = rdsdiag.BlueGreenSurvey[*rdsdiag.DBInstance](directory).Links(t.Context(), directory.DBInstance(dbID))
	assert.Equal(t, diag.KindDenied, diag.KindOf(err))
}
