package triage_test

import (
	"time"

	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/triage"
)

// listenVariations are about where programs say that they listen: it is the cause only where nothing else keeps the
// load balancer from them.
func listenVariations() []variation {
	says := func(reason elb.TargetHealthReasonEnum, text string, lines ...string) func(*world) {
		return func(w *world) {
			w.release("quotes", 38*time.Minute, nil, 2*time.Minute, func(w *world) fault {
				return replaced("Task failed ELB health checks in (target-group "+w.group("quotes")+")", 0)
			})
			w.newTargets("quotes", reason, text)
			w.inEach("quotes", 32*time.Second, lines...)
		}
	}
	const failed = "Health checks failed"
	return []variation{
		{name: "Node program names localhost", kind: triage.DeploymentStuck, target: "quotes",
			spoil:   says("Target.FailedHealthChecks", failed, "quotes ready at http://localhost:8000"),
			root:    because(quotesSays+" quotestg", "localhost", "loopback"),
			mustNot: []string{"security group", "out of memory"}},
		{name: "gunicorn bound to the loopback address", kind: triage.TasksStopping, target: "quotes",
			spoil: says("Target.FailedHealthChecks", failed, "[2026-05-12 22:00:04 +0000] [1] [INFO] Starting gunicorn 22.0.0",
				"[2026-05-12 22:00:04 +0000] [1] [INFO] Listening at: http://127.0.0.1:8000 (1)",
				"[2026-05-12 22:00:05 +0000] [8] [INFO] Booting worker with pid: 8"),
			root: because(quotesSays+" quotestg", "127.0.0.1"), mustNot: []string{"security group", "out of memory"}},
		{name: "network ACL denies, and the program names localhost", kind: triage.Unreachable,
			targetType: targetLoadBalancer,
			spoil: func(w *world) {
				for _, v := range networkVariations() {
					if v.name == "network ACL denies the way to the targets" {
						v.spoil(w)
					}
				}
				for _, t := range w.tasks("quotes") {
					w.logs("quotes", *t.TaskArn, 40*time.Minute, "quotes ready at http://localhost:8000")
				}
			}, root: because("acl-0d2ff865c3c5a1fbd", "acl", "deny", "denies"), mustNot: []string{"loopback"}},
		{name: "an admin port on the loopback address", kind: triage.HTTP5xx, targetType: targetLoadBalancer,
			spoil: func(w *world) {
				for _, t := range w.tasks("quotes") {
					w.logs("quotes", *t.TaskArn, 40*time.Minute, "admin server listening on 127.0.0.1:9901",
						"listening on 0.0.0.0:8000")
				}
			}},
	}
}
