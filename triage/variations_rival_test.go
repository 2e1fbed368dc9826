package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
	"github.com/awsdiag/awsdiag/triage"
)

// rivalVariations are incidents with two changes or two faults, and accounts in which changes did no harm.
func rivalVariations() []variation {
	group := func(w *world) string { return w.group("quotes") }
	path := func(w *world, who, path string) changesfake.Write {
		return changesfake.Write{Action: "elasticloadbalancing:ModifyTargetGroup", Who: who,
			Params: `{"targetGroupArn":"` + group(w) + `","healthCheckPath":"` + path + `"}`}
	}
	notFound := func(w *world) {
		w.health("quotes", 31*time.Minute, "Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]")
		w.errors("503", 30*time.Minute, 4100)
	}
	sound := func(name string, spoil func(*world)) variation {
		return variation{name: "sound: " + name, kind: triage.Unknown, target: "quotes", spoil: spoil}
	}
	return []variation{
		{name: "a health check path changed, a stranger's change nearer in time", kind: triage.HTTP503,
			targetType: targetLoadBalancer, spoil: func(w *world) {
				notFound(w)
				w.by(46*time.Minute, path(w, "t.weber", "/healthz"))
				w.by(32*time.Minute, changesfake.Write{Action: "elasticloadbalancing:ModifyTargetGroup", Who: "k.osei",
					Params: `{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-south-1:628905137462:targetgroup/Ingest/0a1b2c3d4e5f6071","healthCheckPath":"/ok"}`})
			}, change: &culprit{code: "changes.target-group-changed", on: "QuotesTG", by: "t.weber", ago: 46 * time.Minute,
				says: []string{"/healthz"}}},
		{name: "a release, and after it a health check path changed", kind: triage.HTTP503, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.deployed("quotes", 80*time.Minute, nil)
				notFound(w)
				w.by(34*time.Minute, path(w, "t.weber", "/healthz"))
			}, change: &culprit{code: "changes.target-group-changed", on: "QuotesTG", by: "t.weber", ago: 34 * time.Minute},
			innocent: []string{"gitlab-deploy"}},
		{name: "a full database and a closed security group", kind: triage.HTTP5xx, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.db().DBInstanceStatus = aws.String("storage-full")
				w.metric("FreeStorageSpace", "", databaseAny, 175*time.Minute,
					func(i int, _ float64) float64 { return max(40e9-float64(i)*1.7e9, 2e7) })
				w.dbEvent(50*time.Minute, "failure", "DB instance has run out of storage")
				w.complain("payouts", 48*time.Minute,
					"psycopg2.errors.DiskFull: could not extend file \"base/16401/24577\": No space left on device")
				w.by(33*time.Minute, revokeOf(w.closeIn(31*time.Minute), "o.bauer"))
			}, root: because("sg-041b13132a55705f6", "o.bauer"), more: []verdict{*because(databaseAny, "storage")}},
		sound("a secret changed and all tasks replaced", func(w *world) {
			w.decoys(80 * time.Minute)
			w.by(90*time.Minute, changesfake.Write{Action: "secretsmanager:PutSecretValue", Who: "a.lindqvist",
				Params: secretOfDB})
			w.Secrets.Secrets[0].LastChangedDate = aws.Time(w.ago(90 * time.Minute))
			w.redeployed("oncall", "quotes", 60*time.Minute)
		}),
		sound("a parameter of the database changed, and a reboot", func(w *world) {
			w.by(150*time.Minute, changesfake.Write{Action: "rds:ModifyDBParameterGroup", Who: "c.marin",
				Params: `{"dBParameterGroupName":"bookingprod-pg16","parameters":[{"parameterName":"work_mem","parameterValue":"8192","applyMethod":"immediate"}]}`})
			w.by(140*time.Minute, changesfake.Write{Action: "rds:RebootDBInstance", Who: "c.marin",
				Params: `{"dBInstanceIdentifier":"` + databaseAny + `"}`})
			w.dbEvent(139*time.Minute, "availability", "DB instance restarted")
		}),
		sound("credits that fall by day and recover", func(w *world) {
			w.db().DBInstanceClass = aws.String("db.t3.medium")
			w.series("CPUCreditBalance", "Average", 288, 150*time.Minute,
				func(i int) float64 { return []float64{280, 240, 200, 160, 180, 210, 240, 270}[min(i, 7)] })
			w.by(150*time.Minute, modifies("c.marin", `"dBInstanceClass":"db.t3.medium"`))
		}),
		sound("limits of scaling lowered, and nothing came of it", func(w *world) {
			w.by(70*time.Minute, changesfake.Write{Action: "application-autoscaling:RegisterScalableTarget", Who: "c.marin",
				Params: `{"serviceNamespace":"ecs","resourceId":"service/` + *w.ECS.Clusters[0].ClusterName + `/` +
					*w.service("quotes").ServiceName + `","minCapacity":2,"maxCapacity":6}`})
			w.by(69*time.Minute, path(w, "c.marin", "/health"))
		}),
	}
}
