// Package ecstext reads the prose that Amazon ECS writes: stopped reasons of tasks, reasons of containers, messages of
// service events and rollout state reasons. ECS gives no code for most of what goes wrong, only these sentences.
//
//	m := ecstext.StoppedReason("ResourceInitializationError: unable to pull secrets or registry auth: …")
//	m.Cause          // ecstext.SecretAccessDenied
//	m.Kind           // ecstext.Trouble
//	m.ErrorName      // "ResourceInitializationError"
//	m.Fields.Secret  // "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
//	m.Fields.Action  // "secretsmanager:GetSecretValue"
//
// A text often quotes another: an event quotes the stopped reason, which quotes the agent, which quotes the SDK, which
// quotes the service. The rules are one tree for all four kinds of text: first what was attempted (pulling an image,
// reading a secret, placing a task), then how it failed. A match is the most exact cause that the text itself states.
// Where the text names the attempt and not the reason, the cause is the attempt's "other" (image-pull-other); where it
// names neither, the cause is Unrecognised. Nothing is guessed.
//
// The forms come from the documents "Amazon ECS stopped tasks error messages", "CannotPullContainer task errors",
// "TaskFailedToStart errors", "ResourceInitializationError errors", "Amazon ECS service event messages", "Amazon ECS
// service unhealthy event messages", "Amazon ECS Availability Zone service rebalancing service event messages" and "API
// failure reasons" of the Amazon ECS Developer Guide, and from the error types of the Amazon ECS agent.
package ecstext
