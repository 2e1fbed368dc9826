// Package ecsdiag diagnoses Amazon ECS: why tasks stop or do not start, why a deployment does not get to its end, why a
// task finds no place, why nobody gets a session, what of the configuration cannot work.
//
// A [Service] holds the facts of one service, each fetched once. Checks judge them:
//
//	service := ecsdiag.NewService(ecs.NewFromConfig(cfg), "prod", "api", diag.Last(3*time.Hour, time.Now()))
//	report := diag.Run(ctx,
//		diag.On(service, ecsdiag.ServiceChecks()...),
//		diag.Observe(service, ecsdiag.ServiceSurvey))
//
// A [Cluster] makes all its services at once and shares its container instances with them; a [Directory] does so for
// all clusters of an account and region and finds the services behind a target group. A [Task] looks at one task, a
// [TaskDefinition] at one revision.
//
// # What else can be asked
//
// [ServiceChecks] read ECS alone. Three options and lists go further:
//
//   - [WithMetrics] lets a service read what it uses. [UsageChecks] judge that, and exit code 137 is told apart by it.
//   - [WithDeployments] lets it read why a deployment failed, where one did.
//   - [ExecChecks] are for somebody who wants a session in a task. What keeps ECS Exec out of tasks that it is enabled
//     for is part of ServiceChecks. [ExecNeedsOf] says which permissions and endpoints a session takes.
//
// Whether an image or a secret exists is told by packages images and secrets, and what autoscaling does by package
// scaling.
//
// # What is told of stopped tasks
//
// ECS forgets a stopped task after about an hour. Of those it still knows, only tasks of current deployments count, and
// of a deployment that failed within the window: not those that a completed deployment replaced, not those that scaling
// took away. Each cause is one finding per service, with counts, times and samples. [WithStateChanges] adds tasks from
// an archive of EventBridge events.
//
// A task killed for memory is told from one killed at its stop timeout and from one of which nothing but exit code 137
// is known: the agent writes OutOfMemoryError only if the container runtime says so.
//
// # What is told of events
//
// ECS keeps a service's latest 100 events. One counts if it lies in the window and nothing has settled it since: a
// steady state, a completed deployment, or the beginning of a newer deployment.
package ecsdiag
