package rdsdiag_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/rdsdiag"
	"github.com/awsdiag/awsdiag/rdsdiag/rdsfake"
)

// TestEventsBeyondTheHour is the trap of DescribeEvents: who names no time gets the last 60 minutes.
func TestEventsBeyondTheHour(t *testing.T) {
	w := newWorld(happens(150*time.Minute, "DB instance restarted"))
	out, err := w.rds.DescribeEvents(t.Context(), &rds.DescribeEventsInput{})
	require.NoError(t, err)
	require.Empty(t, out.Events, "the fake sets the trap as RDS does")
	events, err := w.instance().Events(t.Context())
	require.NoError(t, err)
	require.Len(t, events, 1)
	assert.Equal(t, rdsdiag.EventRestarted, events[0].Class)
	assert.Equal(t, now.Add(-150*time.Minute), events[0].At)
}

func TestEventsBeyondRetention(t *testing.T) {
	w := newWorld(happens(13*24*time.Hour, "DB instance restarted"), happens(20*24*time.Hour, "DB instance shutdown"))
	w.window = diag.Last(30*24*time.Hour, now)
	w.rds.PageSize(1)
	events, err := w.instance().Events(t.Context())
	assert.Equal(t, diag.KindIncomplete, diag.KindOf(err))
	assert.Len(t, events, 3, "two of the backup and one restart")
	report := diagtest.Run(t, w.instance(), rdsdiag.InstanceEvents()...)
	assert.NotEmpty(t, report.Inconclusive, "what RDS forgot is no all-clear")
	assert.NotEmpty(t, report.Findings, "what it kept is told")
}

// TestEventFindings tells a story of events as one happening.
func TestEventFindings(t *testing.T) {
	for _, c := range []struct {
		name   string
		spoil  []func(*world)
		codes  []diag.Code
		say    string
		ago    time.Duration
		quoted int
	}{
		{"failover with its restart and reason", []func(*world){
			happens(50*time.Minute, "The RDS Multi-AZ primary instance is busy and unresponsive."), happens(49*time.Minute,
				"Multi-AZ instance failover started"),
			happens(48*time.Minute, "DB instance restarted"), happens(47*time.Minute, "Multi-AZ instance failover completed"),
		}, []diag.Code{"rds.failed-over"},
			`failed over from 11:10 to 11:13 UTC: "The RDS Multi-AZ primary instance is busy and unresponsive."`,
			50 * time.Minute, 3},
		{"a restart on its own", []func(*world){happens(50*time.Minute, "DB instance shutdown"), happens(49*time.Minute,
			"DB instance restarted")},
			[]diag.Code{"rds.restarted"}, "restarted from 11:10 to 11:11 UTC", 50 * time.Minute, 2},
		{"restarts long after a failover are their own", []func(*world){
			happens(150*time.Minute, "Multi-AZ instance failover started"), happens(149*time.Minute,
				"Multi-AZ instance failover completed"),
			happens(40*time.Minute, "DB instance restarted"), happens(20*time.Minute, "DB instance restarted"),
		}, []diag.Code{"rds.failed-over", "rds.restarted"}, "", 0, 0},
		{"routine", []func(*world){happens(50*time.Minute, "Backing up DB instance", "backup"), happens(40*time.Minute,
			"Finished DB Instance backup", "backup"),
			happens(30*time.Minute, "Monitoring Interval changed to 60")}, nil, "", 0, 0},
		{"a failure that is over", []func(*world){happens(50*time.Minute, "Error restarting mysql: x"),
			happens(30*time.Minute, "DB instance restarted")},
			[]diag.Code{"rds.restart-failed", "rds.restarted"}, "", 0, 0},
		{"before the window", []func(*world){happens(5*time.Hour, "DB instance restarted")}, nil, "", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagtest.Run(t, newWorld(c.spoil...).instance(), rdsdiag.InstanceEvents()...)
			diagtest.Want(t, report, c.codes...)
			if c.say != "" {
				f := report.Findings[0]
				assert.Contains(t, f.Summary, c.say)
				assert.Equal(t, now.Add(-c.ago), f.Since)
				assert.Len(t, f.Evidence, c.quoted)
				assert.Equal(t, rdsfake.InstanceARN(dbID), f.Resource.ARN, "an event names its source in full")
			}
		})
	}
}

func TestFailureOverIsAWarning(t *testing.T) {
	w := newWorld(happens(50*time.Minute, "Error restarting mysql: x"), happens(30*time.Minute, "DB instance restarted"))
	f := diagtest.Only(t, diagtest.Run(t, w.instance(), rdsdiag.InstanceEvents()...), "rds.restart-failed")
	assert.Equal(t, diag.SeverityWarning, f.Severity)
}

// TestSurveyEvents has the changes of the parameter group in the timeline, and of AWS's own groups does not ask.
func TestSurveyEvents(t *testing.T) {
	w := newWorld(happens(50*time.Minute, "Backing up DB instance", "backup"))
	group := rdsfake.Event(dbID+"-params", now.Add(-30*time.Minute), "Updated parameter max_connections to 500 with "+
		"apply method pending-reboot")
	group.SourceType = types.SourceTypeDbParameterGroup
	w.rds.Events = append(w.rds.Events, group)
	told := func() (texts []string) {
		events, err := rdsdiag.DBInstanceSurvey.Events(t.Context(), w.instance(), w.window)
		require.NoError(t, err)
		for _, e := range events {
			assert.Equal(t, rdsfake.InstanceARN(dbID), e.Resource.ARN)
			texts = append(texts, e.Text)
		}
		return texts
	}
	assert.Equal(t, []string{"Backing up DB instance", dbID + "-params: Updated parameter max_connections to 500 with " +
		"apply method pending-reboot"}, told())
	w.db().DBParameterGroups[0].DBParameterGroupName = aws.String("default.postgres15")
	assert.Equal(t, []string{"Backing up DB instance"}, told())
}
