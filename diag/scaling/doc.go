// Package scaling diagnoses Application Auto Scaling: whether a target that wants to grow may, whether what it tries
// succeeds, and what its policies follow. ECS services are its usual targets; any other works alike.
//
//	target := scaling.NewServiceTarget(applicationautoscaling.NewFromConfig(cfg), "prod", "api", diag.Last(3*time.Hour, time.Now()))
//	report := diag.Run(ctx, diag.On(target, scaling.TargetChecks()...))
//
// A resource that is no scalable target is nothing wrong: the checks are silent about it.
//
// # What is known
//
// Application Auto Scaling keeps scaling activities for six weeks, and those that it decided against only if it is
// asked for them. A target at its maximum is no trouble as long as nothing wanted it to grow: it is told only where an
// activity says so.
package scaling
