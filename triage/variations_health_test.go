package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/triage"
)

// replacing is a deployment whose tasks the scheduler replaces because of the load balancer's health checks.
func replacing(reason elb.TargetHealthReasonEnum, text string, lived time.Duration, change func(*types.TaskDefinition),
	lines ...string) func(*world) {
	return func(w *world) {
		w.release("quotes", 38*time.Minute, change, lived, func(w *world) fault {
			return replaced("Task failed ELB health checks in (target-group "+w.group("quotes")+")", 0)
		})
		w.newTargets("quotes", reason, text)
		w.inEach("quotes", 40*time.Second, lines...)
		for _, t := range w.tasks("quotes")[2:] {
			w.logs("quotes", *t.TaskArn, 50*time.Second, lines...)
		}
	}
}

func healthVariations() []variation {
	const group = " quotestg"
	wrong := []string{"security group", "out of memory", "image"}
	return []variation{
		{name: "health check answers 500", kind: triage.DeploymentStuck, target: "quotes",
			spoil: replacing("Target.ResponseCodeMismatch", "Health checks failed with these codes: [500]", 2*time.Minute, nil,
				`10.150.0.184 - - [12/May/2026:21:58:02 +0000] "GET /health HTTP/1.1" 500 291 "-" "ELB-HealthChecker/2.0"`,
				"Traceback (most recent call last):", `  File "/app/health.py", line 12, in check`,
				"AttributeError: 'NoneType' object has no attribute 'ping'"),
			root: because(quotesSays+group, "500", "nonetype"), mustNot: wrong},
		{name: "health check answers 500, all of the service", kind: triage.HTTP5xx, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.health("quotes", 31*time.Minute, "Target.ResponseCodeMismatch", "Health checks failed with these codes: [500]")
				w.failures("quotes", 33*time.Minute, 9800)
				w.complain("quotes", 33*time.Minute,
					`redis.exceptions.ConnectionError: Error 111 connecting to cache.booking.example:6379. Connection refused.`)
			}, root: because(quotesSays+group, "cache.booking.example", "connection refused", "500"), mustNot: wrong},
		{name: "program starts slowly", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.service("quotes").HealthCheckGracePeriodSeconds = aws.Int32(0)
				replacing("Target.FailedHealthChecks", "Health checks failed", 95*time.Second, nil,
					"%s  INFO 1 --- [main] c.b.quotes.Application : Starting Application using Java 21 with PID 1",
					"%s  INFO 1 --- [main] o.h.jpa.internal.util.LogHelper : HHH000204: Processing PersistenceUnitInfo [name: default]")(w)
			}, root: because(quotesSays+group, "grace period", "health check"), mustNot: wrong},
		{name: "port of the program differs from that of the group", kind: triage.DeploymentStuck, target: "quotes",
			spoil: replacing("Target.FailedHealthChecks", "Health checks failed", 2*time.Minute, func(td *types.TaskDefinition) {
				for i, e := range td.ContainerDefinitions[0].Environment {
					if *e.Name == "PORT" {
						td.ContainerDefinitions[0].Environment[i].Value = aws.String("3000")
					}
				}
			}, "INFO quotes listening on 0.0.0.0:3000"),
			root: because(quotesSays+group, "3000", "health checks failed", "connection", "refus"), mustNot: wrong},
		{name: "health check path redirected to login", kind: triage.DeploymentStuck, target: "quotes",
			spoil: replacing("Target.ResponseCodeMismatch", "Health checks failed with these codes: [302]", 2*time.Minute, nil,
				`10.150.0.184 - - [12/May/2026:21:58:02 +0000] "GET /health HTTP/1.1" 302 0 "-" "ELB-HealthChecker/2.0"`),
			root: because(quotesSays+group, "302"), mustNot: wrong},
		{name: "health check path changed by hand", kind: triage.HTTP503, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				for i := range w.ELB.TargetGroups {
					if *w.ELB.TargetGroups[i].TargetGroupArn == w.group("site") {
						w.ELB.TargetGroups[i].HealthCheckPath = aws.String("/status")
					}
				}
				w.change(34*time.Minute, "m.greco", "elasticloadbalancing:ModifyTargetGroup",
					`{"targetGroupArn":"`+w.group("site")+`","healthCheckPath":"/status"}`,
					"AWS::ElasticLoadBalancingV2::TargetGroup "+w.group("site"))
				w.health("site", 32*time.Minute, "Target.ResponseCodeMismatch", "Health checks failed with these codes: [404]")
			}, root: because("sitetg", "404", "/status"), mustNot: wrong},
		{name: "scaled to its limit under load", kind: triage.Slow, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				w.metric("RequestCount", "", "", 45*time.Minute, times(4))
				w.metric("HTTPCode_Target_2XX_Count", "", "", 45*time.Minute, times(4))
				w.metric("CPUUtilization", "", "siteservice", 45*time.Minute, always(99.8))
				w.metric("TargetResponseTime", "", "", 45*time.Minute, times(80))
			}, root: because("siteservice", "cpu"), mustNot: wrong},
		{name: "program ends for want of the database", kind: triage.TasksStopping, target: "quotes",
			spoil: func(w *world) {
				w.RDS.DBInstances[0].DBInstanceStatus = aws.String("stopped")
				w.dbEvent(42*time.Minute, "notification", "DB instance stopped")
				for i := range 5 {
					task := w.stopped("quotes", time.Duration(38-7*i)*time.Minute, 20*time.Second, exited(1, ""))
					w.logs("quotes", *task.TaskArn, w.now.Sub(*task.ExecutionStoppedAt)+time.Second,
						"sequelize ConnectionRefusedError: connect ECONNREFUSED 10.150.192.21:5432")
				}
				w.down("quotes", 38*time.Minute)
			}, root: because(databaseAny, "stopped"), mustNot: wrong},
	}
}
