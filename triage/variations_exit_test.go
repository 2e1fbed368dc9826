package triage_test

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/awsdiag/awsdiag/triage"
)

// quotesSays are the resources that a cause in the program of "quotes" may be told on.
const quotesSays = quotesAny + " quotestaskdefloggroup"

// exitVariations are programs that end.
func exitVariations() []variation {
	dies := func(code int32, lines ...string) func(*world) {
		return func(w *world) {
			w.release("quotes", 38*time.Minute, nil, 4*time.Second, func(*world) fault { return exited(code, "") })
			w.inEach("quotes", 33*time.Second, lines...)
		}
	}
	wrong := []string{"out of memory", "security group", "image", "health check path"}
	return []variation{
		{name: "module missing in Node.js", kind: triage.DeploymentStuck, target: "quotes",
			spoil: dies(1, "node:internal/modules/cjs/loader:1228", "  throw err;",
				"Error: Cannot find module 'pg-cursor'", "Require stack:", "- /app/src/db.js", "  code: 'MODULE_NOT_FOUND',",
				"Node.js v20.18.1"),
			root: because(quotesSays, "pg-cursor", "module"), mustNot: []string{"out of memory", "security group", "timed out"}},
		{name: "module missing in Python", kind: triage.TasksStopping, target: "quotes",
			spoil: dies(1, "Traceback (most recent call last):",
				`  File "/app/main.py", line 7, in <module>`, "    from pricing import engine",
				"ModuleNotFoundError: No module named 'pricing'"),
			root: because(quotesSays, "pricing", "module"), mustNot: wrong},
		{name: "Java program fails at start", kind: triage.DeploymentStuck, target: "quotes", spoil: dies(1,
			"%s ERROR 1 --- [main] o.s.boot.SpringApplication : Application run failed",
			"org.springframework.beans.factory.UnsatisfiedDependencyException: Error creating bean with name "+
				"'quoteController': Unsatisfied dependency expressed through constructor parameter 0",
			"Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder 'rates.url' in value \"${rates.url}\""),
			root: because(quotesSays, "rates.url", "placeholder", "application run failed"), mustNot: wrong},
		{name: "Go program panics", kind: triage.DeploymentStuck, target: "quotes", spoil: dies(2,
			"panic: runtime error: invalid memory address or nil pointer dereference",
			"[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x6f2a41]",
			"", "goroutine 1 [running]:", "main.main()", "\t/src/cmd/quotes/main.go:41 +0x3c1"),
			root: because(quotesSays, "nil pointer", "panic"), mustNot: wrong},
		{name: "Ruby program fails at start", kind: triage.TasksStopping, target: "quotes", spoil: dies(1,
			"/usr/local/bundle/gems/bundler-2.5.11/lib/bundler/definition.rb:690:in `materialize': Could not find "+
				"nokogiri-1.16.5 in locally installed gems (Bundler::GemNotFound)"),
			root: because(quotesSays, "nokogiri", "gem"), mustNot: wrong},
		{name: ".NET program without configuration", kind: triage.DeploymentStuck, target: "quotes", spoil: dies(139,
			"Unhandled exception. System.InvalidOperationException: Connection string 'Quotes' not found.",
			"   at Program.<Main>$(String[] args) in /src/Program.cs:line 12"),
			root:    because(quotesSays, "connection string", "unhandled exception"),
			mustNot: []string{"out of memory", "security group"}},
		{name: "migration fails for want of a table", kind: triage.DeploymentStuck, target: "quotes", spoil: dies(1,
			`%s ERROR migrate: applying 0042_rate_plans: psycopg2.errors.UndefinedTable: relation "rate_plans" does not exist`),
			root: because(quotesSays, "rate_plans"), mustNot: []string{"out of memory", "security group", "storage"}},
		{name: "variable missing in Node.js", kind: triage.DeploymentStuck, target: "quotes", spoil: dies(1,
			"Error: Missing required environment variable: RATES_URL", "    at requireEnv (/app/src/config.js:14:11)"),
			root: because(quotesSays, "rates_url"), mustNot: wrong},
		{name: "crash loop without a word", kind: triage.TasksStopping, target: "quotes", spoil: dies(1),
			root: because(quotesSays, "exit"), mustNot: []string{"out of memory", "security group", "not found"}},
		{name: "command not found", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.release("quotes", 38*time.Minute,
					func(td *types.TaskDefinition) { td.ContainerDefinitions[0].Command = []string{"gunicron", "app:app"} }, 0,
					func(*world) fault {
						return func(t *types.Task) {
							neverStarted("CannotStartContainerError: ResourceInitializationError: failed to create new container runtime " +
								"task: failed to create shim task: " +
								`OCI runtime create failed: runc create failed: unable to start container process: exec: "gunicron": executable file not found in $PATH: unknown`)(t)
							t.Containers[0].ExitCode = aws.Int32(127)
						}
					})
			}, root: because(quotesSays, "gunicron"), mustNot: []string{"out of memory", "security group", "image not found"}},
		{name: "memory leak", kind: triage.HTTP5xx, targetType: targetLoadBalancer, since: 25 * time.Minute,
			spoil: func(w *world) {
				const image = "OutOfMemoryError: Container killed due to memory usage"
				for i, ago := range []time.Duration{55 * time.Minute, 54 * time.Minute} {
					w.stopped("quotes", ago, time.Duration(30-i)*time.Minute, exited(137, image))
				}
				for i, t := range w.tasks("quotes") {
					t.CreatedAt, t.StartedAt = aws.Time(w.ago(24*time.Minute)), aws.Time(w.ago(time.Duration(23-i)*time.Minute))
				}
				w.metric("MemoryUtilization", "", "quotesservice", 170*time.Minute, func(i int, _ float64) float64 {
					if i < 29 {
						return min(60+float64(i)*1.4, 99.6)
					}
					return 50 + float64(i-29)*4
				})
				w.errors("502", 24*time.Minute, 240)
				w.errors("503", 24*time.Minute, 900)
				w.metric("HealthyHostCount", "", short(w.group("quotes")), 24*time.Minute,
					func(i int, _ float64) float64 { return min(float64(i), 2) })
			}, root: because(quotesAny, "memory", "outofmemory"), mustNot: []string{"security group", "certificate"}},
		{name: "container health check fails", kind: triage.TasksStopping, target: "quotes",
			spoil: func(w *world) {
				w.release("quotes", 38*time.Minute, func(td *types.TaskDefinition) {
					td.ContainerDefinitions[0].HealthCheck = &types.HealthCheck{Command: []string{"CMD-SHELL",
						"curl -f http://localhost:8000/health || exit 1"},
						Interval: aws.Int32(10), Timeout: aws.Int32(5), Retries: aws.Int32(3)}
				}, 45*time.Second, func(*world) fault {
					return func(t *types.Task) {
						replaced("Task failed container health checks", 143)(t)
						t.HealthStatus, t.Containers[0].HealthStatus = types.HealthStatusUnhealthy, types.HealthStatusUnhealthy
					}
				})
				w.event("quotes", 20*time.Minute, "(task %s) failed container health checks.", w.id())
			}, root: because(quotesAny, "container health check", "curl"), mustNot: []string{"security group", "out of memory"}},
		{name: "program listens on the loopback interface", kind: triage.DeploymentStuck, target: "quotes",
			spoil: func(w *world) {
				w.release("quotes", 38*time.Minute, nil, 2*time.Minute, func(w *world) fault {
					return replaced("Task failed ELB health checks in (target-group "+w.group("quotes")+")", 0)
				})
				w.newTargets("quotes", elb.TargetHealthReasonEnumTimeout, "Request timed out")
				w.inEach("quotes", 32*time.Second, " * Serving Flask app 'quotes'", " * Running on http://127.0.0.1:8000",
					"Press CTRL+C to quit")
			}, root: because(quotesSays+" quotestg", "127.0.0.1", "loopback"),
			mustNot: []string{"security group", "out of memory"}},
	}
}

// newTargets adds two unhealthy targets of a deployment under way beside the healthy old ones, with the events of it.
func (w *world) newTargets(name string, reason elb.TargetHealthReasonEnum, text string) {
	s := w.service(name)
	s.Deployments[0].RunningCount, s.RunningCount = 2, s.RunningCount+2
	for i, base := range w.tasks(name) {
		t := *clone(base)
		w.rename(&t, w.id())
		t.CreatedAt, t.StartedAt = aws.Time(w.ago(100*time.Second)), aws.Time(w.ago(65*time.Second))
		t.StartedBy, t.TaskDefinitionArn = s.Deployments[0].Id, s.TaskDefinition
		address := []string{"10.150.35.77", "10.150.37.91"}[i%2]
		w.move(&t, address)
		w.ECS.Tasks = append(w.ECS.Tasks, t)
		target := *clone(&w.ELB.TargetHealth[w.group(name)][i])
		target.Target.Id = aws.String(address)
		target.TargetHealth = &elb.TargetHealth{State: elb.TargetHealthStateEnumUnhealthy, Reason: reason,
			Description: aws.String(text)}
		w.ELB.TargetHealth[w.group(name)] = append(w.ELB.TargetHealth[w.group(name)], target)
	}
	for _, t := range w.ECS.Tasks {
		if aws.ToString(t.StartedBy) == *s.Deployments[0].Id && aws.ToString(t.LastStatus) == "STOPPED" {
			w.event(name, w.now.Sub(*t.StoppingAt), "(task %s) (port %d) is unhealthy in (target-group %s) due to (reason %s).",
				short(*t.TaskArn),
				*s.LoadBalancers[0].ContainerPort, w.group(name), text)
		}
	}
	w.metric("UnHealthyHostCount", "", short(w.group(name)), 35*time.Minute, always(2))
}
