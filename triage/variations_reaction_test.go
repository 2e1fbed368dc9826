package triage_test

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
	"github.com/awsdiag/awsdiag/triage"
)

// updates is a call that changes a service.
func (w *world) updates(who, name, setting string) changesfake.Write {
	return changesfake.Write{Action: "ecs:UpdateService", Who: who, Params: fmt.Sprintf(`{"cluster":%q,"service":%q,%s}`,
		*w.ECS.Clusters[0].ClusterName, *w.service(name).ServiceName, setting)}
}

func reboots(who, host string) changesfake.Write {
	return changesfake.Write{Action: "ec2:RebootInstances", Who: who,
		Params: `{"instancesSet":{"items":[{"instanceId":"` + host + `"}]}}`}
}

// killed lets tasks of "quotes" be killed for memory, the first of them some time ago.
func (w *world) killed(since time.Duration) {
	for at := since; at > 4*time.Minute; at -= 8 * time.Minute {
		w.stopped("quotes", at, 3*time.Minute, exited(137, "OutOfMemoryError: Container killed due to memory usage"))
	}
}

// redeployed replaces the tasks of a service by new ones of the same revision.
func (w *world) redeployed(who, name string, ago time.Duration) {
	w.by(ago, w.updates(who, name, `"forceNewDeployment":true`))
	d := &w.service(name).Deployments[0]
	d.CreatedAt, d.UpdatedAt = aws.Time(w.ago(ago)), aws.Time(w.ago(ago-4*time.Minute))
	for _, t := range w.tasks(name) {
		t.CreatedAt, t.StartedAt = aws.Time(w.ago(ago-time.Minute)), aws.Time(w.ago(ago-2*time.Minute))
	}
}

// reactionVariations are troubles to which somebody reacted: what was done about a trouble is not its cause.
func reactionVariations() []variation {
	const reports = "i-0a7587af1e3b4edae"
	host := func(name string, spoil func(*world), words ...string) variation {
		return variation{name: name, kind: triage.InstanceUnreachable, target: "reports", targetType: targetInstance,
			since: 50 * time.Minute, spoil: spoil,
			root: because(reports, words...), innocent: []string{"oncall"}}
	}
	return []variation{
		host("a kernel panic, and a reboot that does not help", func(w *world) {
			w.unsound("reports", 52*time.Minute, false)
			w.unseen("reports", 53*time.Minute)
			w.by(30*time.Minute, reboots("oncall", reports))
			w.EC2.ConsoleOutputs = map[string]ec2fake.ConsoleOutput{reports: {Text: "[    1.2] Kernel panic - not syncing: " +
				"VFS: Unable to mount root fs on unknown-block(0,0)\n", At: w.ago(20 * time.Minute)}}
		}, "kernel panic"),
		host("memory of a host is used up, a command, and then a reboot", func(w *world) {
			w.unsound("reports", 52*time.Minute, false)
			w.unseen("reports", 41*time.Minute)
			w.by(45*time.Minute, commands("oncall", reports))
			w.by(43*time.Minute, reboots("oncall", reports))
			w.EC2.ConsoleOutputs = map[string]ec2fake.ConsoleOutput{reports: {Text: "[ 9001.1] Out of memory: Killed process " +
				"1423 (java) total-vm:9437184kB, anon-rss:7864320kB\n", At: w.ago(55 * time.Minute)}}
		}, "memory"),
		host("a disk that is full, the host is rebooted before the agent is lost", func(w *world) {
			w.unsound("reports", 52*time.Minute, false)
			w.unseen("reports", 30*time.Minute)
			w.by(33*time.Minute, reboots("oncall", reports))
			w.EC2.ConsoleOutputs = map[string]ec2fake.ConsoleOutput{reports: {Text: "[ 8123.4] systemd-journald[612]: Failed " +
				"to create new system journal: No space left on device\n", At: w.ago(20 * time.Minute)}}
		}, "no space left", "disk"),
		{name: "tasks are killed for memory, a forced deployment and more tasks do not help", kind: triage.TasksStopping,
			target: "quotes", since: 60 * time.Minute, spoil: func(w *world) {
				w.killed(55 * time.Minute)
				w.redeployed("oncall", "quotes", 40*time.Minute)
				w.by(38*time.Minute, w.updates("oncall", "quotes", `"desiredCount":6`))
				w.errors("502", 36*time.Minute, 900)
				w.errors("503", 35*time.Minute, 900)
			}, root: because(quotesSays, "memory"), innocent: []string{"oncall"}},
		{name: "connections ran out, and the database was rebooted", kind: triage.DBUnreachable, targetType: targetDatabase,
			since: 60 * time.Minute, spoil: func(w *world) {
				w.full(60 * time.Minute)
				w.by(40*time.Minute, changesfake.Write{Action: "rds:RebootDBInstance", Who: "oncall",
					Params: `{"dBInstanceIdentifier":"` + databaseAny + `"}`})
				w.dbEvent(39*time.Minute, "availability", "DB instance restarted")
			}, root: because(databaseAny, "connection"), innocent: []string{"oncall"}},
		{name: "targets hang, the service is restarted and scaled out", kind: triage.HTTP504, targetType: targetLoadBalancer,
			since: 60 * time.Minute, spoil: func(w *world) {
				w.metric("CPUUtilization", "", "quotesservice", 62*time.Minute, always(99))
				w.metric("TargetResponseTime", "", "", 60*time.Minute, times(60))
				w.errors("504", 33*time.Minute, 4000)
				w.redeployed("oncall", "quotes", 40*time.Minute)
				w.by(37*time.Minute, w.updates("oncall", "quotes", `"desiredCount":8`))
			}, root: because("", "cpu"), innocent: []string{"oncall"}},
		{name: "a broken release, and a roll-back that broken tasks outlive", kind: triage.DeploymentStuck, target: "quotes",
			since: 60 * time.Minute, spoil: func(w *world) {
				w.release("quotes", 58*time.Minute, nil, 5*time.Second, func(*world) fault { return exited(1, "") })
				w.inEach("quotes", 33*time.Second, "Traceback (most recent call last):", "KeyError: 'RATES_URL'")
				w.by(14*time.Minute, w.updates("oncall", "quotes", `"desiredCount":3`))
			}, change: &culprit{code: "changes.service-updated", on: "QuotesService", by: "gitlab-deploy",
				ago: 58 * time.Minute},
			innocent: []string{"oncall"}},
		{name: "a target's system fails, and the host is stopped and started", kind: triage.HTTP5xx,
			targetType: targetLoadBalancer, since: 50 * time.Minute, spoil: func(w *world) {
				w.onHosts(elb.TargetHealth{State: elb.TargetHealthStateEnumUnhealthy, Reason: "Target.Timeout",
					Description: aws.String("Request timed out")})
				w.unsound("reports", 52*time.Minute, true)
				w.by(36*time.Minute, reboots("oncall", reports))
				w.errors("504", 33*time.Minute, 9800)
			}, root: because(reports, "status check"), innocent: []string{"oncall"}},
	}
}
