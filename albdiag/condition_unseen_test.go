package albdiag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/albdiag"
)

// unseen are transcriptions made after the parser was written: how people, consoles, tools and logs retell the health
// of a target ("Health checks for Application Load Balancer target groups" and "… Network Load Balancer target groups",
// reason codes and descriptions; health check logs).
var unseen = []struct {
	text string
	want albdiag.Condition
}{
	{`{"Target":{"Id":"i-0f1","Port":80},"HealthCheckPort":"80","TargetHealth":{"State":"unhealthy","Reason":"Target.ResponseCodeMismatch","Description":"Health checks failed with these codes: [301]"}}`, albdiag.ResponseCodeMismatch},
	{"TARGETHEALTH\tHealth checks failed with these codes: [503]\tTarget.ResponseCodeMismatch\tunhealthy",
		albdiag.ResponseCodeMismatch},
	{"Unhealthy - Health checks failed with these codes: [403]", albdiag.ResponseCodeMismatch},
	{"(service web) (port 8080) is unhealthy in target-group web due to (reason Health checks failed with these codes: [500])", albdiag.ResponseCodeMismatch},
	{"(service web) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/w/1) " +
		"due to (reason Request timed out)", albdiag.TimedOut},
	{"Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/x/1)",
		albdiag.FailedHealthChecks},
	{"Request timed out", albdiag.TimedOut},
	{"Connection to target timed out", albdiag.TimedOut},
	{"health: unhealthy (Target.Timeout)", albdiag.TimedOut},
	{"state: UNHEALTHY, reasonCode: Target.FailedHealthChecks", albdiag.FailedHealthChecks},
	{"Health checks failed", albdiag.FailedHealthChecks},
	{"Unhealthy: Health checks failed", albdiag.FailedHealthChecks},
	{"TargetHealthDescriptions:\n- HealthCheckPort: '443'\n  Target:\n    Id: 10.0.3.7\n    Port: 443\n  TargetHealth:\n " +
		"   Description: Target registration is in progress\n    Reason: Elb.RegistrationInProgress\n    State: initial",
		albdiag.RegistrationInProgress},
	{"initial  Elb.InitialHealthChecking  Initial health checks in progress", albdiag.InitialChecks},
	{"Target health: initial", albdiag.InitialChecks},
	{"Initial health checks in progress", albdiag.InitialChecks},
	{"Target deregistration is in progress", albdiag.Draining},
	{"draining | Target.DeregistrationInProgress | Target deregistration is in progress", albdiag.Draining},
	{`"State": "draining"`, albdiag.Draining},
	{"state=unhealthy.draining", albdiag.Draining},
	{"Target is in the stopped state", albdiag.InvalidState},
	{"unused (Target.InvalidState): Target is in the terminated state", albdiag.InvalidState},
	{"i-0a9 unused Target.InvalidState Target is in the shutting-down state", albdiag.InvalidState},
	{"Target is in the stopping state", albdiag.InvalidState},
	{"Target.IpUnusable", albdiag.IPUnusable},
	{"The IP address cannot be used as a target, as it is in use by a load balancer", albdiag.IPUnusable},
	{"The target IP address is reserved for use by a load balancer", albdiag.IPUnusable},
	{"Target is in an Availability Zone that is not enabled for the load balancer", albdiag.ZoneNotEnabled},
	{"unused Target.NotInUse Target is in an Availability Zone that is not enabled for the load balancer",
		albdiag.ZoneNotEnabled},
	{"the target's AZ us-east-1c is not enabled for the load balancer", albdiag.ZoneNotEnabled},
	{"Target group is not configured to receive traffic from the load balancer", albdiag.NotInUse},
	{"unused - Target.NotInUse", albdiag.NotInUse},
	{"Target group is not used by any load balancer", albdiag.NotInUse},
	{"Target is not registered to the target group", albdiag.NotRegistered},
	{"<member><TargetHealth><State>unused</State><Reason>Target.NotRegistered</Reason><Description>Target is not " +
		"registered to the target group</Description></TargetHealth></member>", albdiag.NotRegistered},
	{"Health checks are disabled for this target group", albdiag.ChecksDisabled},
	{`{"State":"unavailable","Reason":"Target.HealthCheckDisabled","Description":"Health checks are disabled for this target"}`, albdiag.ChecksDisabled},
	{"Target health is unavailable because health checks are not enabled", albdiag.ChecksDisabled},
	{"Health checks failed due to an internal error", albdiag.InternalError},
	{"unhealthy;Elb.InternalError;Health checks failed due to an internal error", albdiag.InternalError},
	{`"TargetHealth": {"State": "healthy"}`, albdiag.Healthy},
	{"10.2.1.4:8443 HEALTHY", albdiag.Healthy},
	{"TARGETHEALTH healthy", albdiag.Healthy},
	{"aws_lb_target_group_attachment: target i-0c1 is unhealthy: Target.Timeout", albdiag.TimedOut},
	{"reason: TARGET.TIMEOUT state: UNHEALTHY", albdiag.TimedOut},
	{"target.failedhealthchecks", albdiag.FailedHealthChecks},
	{"reason\u00a0Target.ResponseCodeMismatch\u00a0description Health checks failed with these codes: [404, 502]",
		albdiag.ResponseCodeMismatch},
	{"State: healthy\nReason: null\nDescription: null", albdiag.Healthy},
	{"x tls 2026-02-11T14:05:31Z 0.0 10.0.0.7:443 web FAIL - TargetError", albdiag.UnknownCondition},
	{"Elb.InitialHealthChecking", albdiag.InitialChecks},
	{"Unused: Target.InvalidState (instance stopped)", albdiag.InvalidState},
}

func TestUnseenTranscriptions(t *testing.T) {
	right := 0
	for _, u := range unseen {
		if got := albdiag.ParseHealth(u.text).Condition(); got == u.want {
			right++
		} else {
			t.Logf("%q is %s, not %s", u.text, got, u.want)
		}
	}
	t.Logf("%d of %d right", right, len(unseen))
	assert.Equal(t, len(unseen), right)
}
