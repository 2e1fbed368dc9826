package triage_test

import (
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/diag/metrics"
	"github.com/awsdiag/awsdiag/diag/metrics/metricsfake"
	"github.com/awsdiag/awsdiag/triage"
)

// modifies is a call that changes something of the database.
func modifies(who, setting string) changesfake.Write {
	return changesfake.Write{Action: "rds:ModifyDBInstance", Who: who,
		Params: `{"dBInstanceIdentifier":"` + databaseAny + `",` + setting + `,"applyImmediately":true}`}
}

// commands is a command that somebody runs on a host.
func commands(who, host string) changesfake.Write {
	return changesfake.Write{Action: "ssm:SendCommand", Who: who,
		Params: `{"documentName":"AWS-RunShellScript","instanceIds":["` + host + `"]}`}
}

// hostSeries adds a metric of a host or a volume: a value until some time ago, others from then on.
func (w *world) hostSeries(namespace, dimension, id, name, stat string, before float64, since time.Duration,
	after func(i int) float64) {
	s := metricsfake.Series{Metric: metrics.Metric{Namespace: namespace, Name: name, Stat: stat,
		Dimensions: []metrics.Dimension{{Name: dimension, Value: id}}}}
	i := 0
	for x := w.ago(6 * time.Hour).Truncate(5 * time.Minute); x.Before(w.ago(9 * time.Minute)); x = x.Add(5 * time.Minute) {
		v := before
		if !x.Before(w.ago(since).Truncate(5 * time.Minute)) {
			v = after(i)
			i++
		}
		s.Points = append(s.Points, metrics.Point{At: x, Value: v})
	}
	w.CloudWatch.Series = append(w.CloudWatch.Series, s)
}

// bursting gives the database a volume that lives on credits, which fall from some time on until they are spent.
func (w *world) bursting(since time.Duration, step float64) {
	w.db().StorageType, w.db().Iops, w.db().StorageThroughput = aws.String("gp2"), nil, nil
	w.series("BurstBalance", "Average", 100, since, fall(100-step, step, 0))
	w.series("ReadIOPS", "Average", 120, since, flat(1400))
	w.series("WriteIOPS", "Average", 40, since, flat(80))
}

// thrifty gives the database a class that lives on credits, which fall from some time on until they are spent.
func (w *world) thrifty(since time.Duration, step float64) {
	w.db().DBInstanceClass = aws.String("db.t3.medium")
	w.series("CPUCreditBalance", "Average", 288, since, fall(288-step, step, 0))
	w.metric("CPUUtilization", "", databaseAny, since, func(i int, _ float64) float64 {
		if 288-step*float64(i+1) > 0 {
			return 78
		}
		return 20
	})
}

// declineVariations are troubles at the end of a long fall: what was changed during the fall is no cause of it.
func declineVariations() []variation {
	db := func(name string, spoil func(*world), root *verdict, c *culprit, innocent ...string) variation {
		return variation{name: name, kind: triage.DBSlow, targetType: targetDatabase, spoil: spoil, root: root, change: c,
			innocent: innocent}
	}
	return []variation{
		db("storage credits fall, a bystander's change before they end", func(w *world) {
			w.bursting(150*time.Minute, 5)
			w.by(52*time.Minute, modifies("i.fischer", `"backupRetentionPeriod":14`))
		}, because(databaseAny, "burst credits"), nil, "i.fischer"),
		db("storage credits fall after the volume was changed", func(w *world) {
			w.bursting(150*time.Minute, 5)
			w.by(156*time.Minute, modifies("c.marin", `"storageType":"gp2"`))
			w.by(50*time.Minute, modifies("i.fischer", `"backupRetentionPeriod":14`))
		}, nil, &culprit{code: "changes.database-modified", on: databaseAny, by: "c.marin", ago: 156 * time.Minute,
			says: []string{"gp2"}}, "i.fischer"),
		{name: "storage credits fall after a client was released", kind: triage.DBSlow, targetType: targetDatabase,
			spoil: func(w *world) {
				w.deployed("quotes", 153*time.Minute, nil)
				w.bursting(150*time.Minute, 5)
				w.by(50*time.Minute, modifies("i.fischer", `"backupRetentionPeriod":14`))
			}, change: &culprit{code: "changes.service-updated", on: "QuotesService", by: "gitlab-deploy",
				ago: 153 * time.Minute}, innocent: []string{"i.fischer"}},
		{name: "processor credits fall after a client was scaled out", kind: triage.DBSlow, targetType: targetDatabase,
			spoil: func(w *world) {
				w.scaledOut("quotes", 134*time.Minute, 12)
				w.thrifty(130*time.Minute, 20)
			}, change: &culprit{code: "changes.service-updated", on: "QuotesService", by: "AutoScaling", ago: 134 * time.Minute,
				says: []string{"desired count 12"}}},
		db("processor credits fall, a parameter is changed before they end", func(w *world) {
			w.thrifty(130*time.Minute, 20)
			w.by(57*time.Minute, changesfake.Write{Action: "rds:ModifyDBParameterGroup", Who: "i.fischer",
				Params: `{"dBParameterGroupName":"bookingprod-pg16","parameters":[{"parameterName":"log_statement","parameterValue":"ddl","applyMethod":"immediate"}]}`})
		}, because(databaseAny, "credits"), nil, "i.fischer"),
		db("processor credits fall after the class was lowered", func(w *world) {
			w.thrifty(130*time.Minute, 20)
			lower := modifies("finops-bot", `"dBInstanceClass":"db.t3.medium"`)
			lower.Response = `{"dBInstanceIdentifier":"` + databaseAny +
				`","dBInstanceClass":"db.m6g.large","pendingModifiedValues":{"dBInstanceClass":"db.t3.medium"}}`
			w.by(140*time.Minute, lower)
			w.dbEvent(132*time.Minute, "configuration change", "Finished applying modification to DB instance class")
			w.by(55*time.Minute, modifies("i.fischer", `"deletionProtection":true`))
		}, nil, &culprit{code: "changes.database-modified", on: databaseAny, by: "finops-bot", ago: 140 * time.Minute,
			says: []string{"from db.m6g.large to db.t3.medium"}}, "i.fischer"),
		db("storage fills up, a bystander's change before it is full", func(w *world) {
			w.metric("FreeStorageSpace", "", databaseAny, 175*time.Minute,
				func(i int, _ float64) float64 { return max(40e9-float64(i)*1.7e9, 2e7) })
			w.db().DBInstanceStatus = aws.String("storage-full")
			w.dbEvent(50*time.Minute, "failure", "DB instance has run out of storage")
			w.by(54*time.Minute, modifies("i.fischer", `"deletionProtection":true`))
			w.refused(48*time.Minute,
				"psycopg2.errors.DiskFull: could not extend file \"base/16401/24577\": No space left on device")
		}, because(databaseAny, "storage"), nil, "i.fischer"),
		db("memory runs out, a bystander's change before it is gone", func(w *world) {
			w.series("FreeableMemory", "Average", 3e9, 120*time.Minute, fall(28e8, 2e8, 9e7))
			w.series("SwapUsage", "Average", 1e6, 50*time.Minute, climb(4e8, 3e8, 3e9))
			w.by(58*time.Minute, modifies("i.fischer", `"monitoringInterval":60`))
		}, because(databaseAny, "memory", "swap"), nil, "i.fischer"),
		{name: "credits of a host fall, a command is run before they end", kind: triage.Slow, target: "bastion",
			targetType: targetInstance, spoil: func(w *world) {
				id := w.host("bastion")
				w.hostSeries("AWS/EC2", "InstanceId", id, "CPUCreditBalance", "Minimum", 576, 150*time.Minute, fall(545, 31, 0))
				w.hostSeries("AWS/EC2", "InstanceId", id, "CPUSurplusCreditBalance", "Maximum", 0, 150*time.Minute, flat(0))
				w.by(62*time.Minute, commands("i.fischer", id))
			}, root: because("i-015345e1e859f6059", "credits"), innocent: []string{"i.fischer"}},
		{name: "credits of a host fall after a command was run", kind: triage.Slow, target: "bastion",
			targetType: targetInstance, spoil: func(w *world) {
				id := w.host("bastion")
				w.hostSeries("AWS/EC2", "InstanceId", id, "CPUCreditBalance", "Minimum", 576, 150*time.Minute, fall(545, 31, 0))
				w.hostSeries("AWS/EC2", "InstanceId", id, "CPUSurplusCreditBalance", "Maximum", 0, 150*time.Minute, flat(0))
				w.by(152*time.Minute, commands("c.marin", id))
				w.by(62*time.Minute, commands("i.fischer", id))
			}, change: &culprit{code: "changes.command-run", on: "i-015345e1e859f6059", by: "c.marin", ago: 152 * time.Minute},
			innocent: []string{"i.fischer"}},
		{name: "credits of a volume fall, the host is rebooted before they end", kind: triage.Slow, target: "reports",
			targetType: targetInstance, spoil: func(w *world) {
				w.hostSeries("AWS/EBS", "VolumeId", "vol-0065ed02471c0a8d6", "BurstBalance", "Minimum", 100, 160*time.Minute,
					fall(95, 5, 0))
				w.by(64*time.Minute, changesfake.Write{Action: "ec2:RebootInstances", Who: "i.fischer",
					Params: `{"instancesSet":{"items":[{"instanceId":"` + w.host("reports") + `"}]}}`})
			}, root: because("i-0a7587af1e3b4edae", "burst credits"), innocent: []string{"i.fischer"}},
		{name: "storage burst of a host's type falls, its type unchanged", kind: triage.Slow, target: "reports",
			targetType: targetInstance, spoil: func(w *world) {
				w.hostSeries("AWS/EC2", "InstanceId", w.host("reports"), "EBSIOBalance%", "Minimum", 99, 140*time.Minute,
					fall(93, 6, 0))
				w.by(58*time.Minute, changesfake.Write{Action: "ec2:ModifyInstanceAttribute", Who: "i.fischer",
					Params: fmt.Sprintf(`{"instanceId":%q,"disableApiTermination":{"value":true}}`, w.host("reports"))})
			}, root: because("i-0a7587af1e3b4edae", "burst"), innocent: []string{"i.fischer"}},
		{name: "storage burst falls after the type was lowered", kind: triage.Slow, target: "reports",
			targetType: targetInstance, spoil: func(w *world) {
				w.machine("reports").InstanceType = ec2.InstanceTypeM5Large
				w.hostSeries("AWS/EC2", "InstanceId", w.host("reports"), "EBSIOBalance%", "Minimum", 99, 140*time.Minute,
					fall(93, 6, 0))
				w.by(146*time.Minute, changesfake.Write{Action: "ec2:ModifyInstanceAttribute", Who: "c.marin",
					Params: fmt.Sprintf(`{"instanceId":%q,"instanceType":{"value":"m5.large"}}`, w.host("reports"))})
				w.by(58*time.Minute, commands("i.fischer", w.host("reports")))
			}, change: &culprit{code: "changes.instance-changed", on: "i-0a7587af1e3b4edae", by: "c.marin",
				ago: 146 * time.Minute, says: []string{"m5.large"}}, innocent: []string{"i.fischer"}},
		{name: "memory of a service leaks, its size is changed before tasks are killed", kind: triage.TasksStopping,
			target: "quotes", spoil: func(w *world) {
				for i := range 4 {
					w.stopped("quotes", time.Duration(40-8*i)*time.Minute, 4*time.Minute,
						exited(137, "OutOfMemoryError: Container killed due to memory usage"))
				}
				w.metric("MemoryUtilization", "", "quotesservice", 170*time.Minute,
					func(i int, _ float64) float64 { return min(40+3*float64(i), 99) })
				w.errors("502", 34*time.Minute, 240)
				w.by(39*time.Minute, changesfake.Write{Action: "ecs:UpdateService", Who: "i.fischer",
					Params: `{"cluster":"` + *w.ECS.Clusters[0].ClusterName + `","service":"` + *w.service("quotes").ServiceName +
						`","desiredCount":2}`})
			}, root: because("", "memory"), innocent: []string{"i.fischer"}},
	}
}
