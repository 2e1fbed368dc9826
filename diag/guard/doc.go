// Package guard makes an aws.Config safe to hand to a diagnosis, and its use answerable.
//
// A [Guard] is made for one investigation and needs a reason. Every client made from a config that it has guarded
// refuses what is not a read, tells an audit log what it asked and why, keeps a budget, and asks AWS the same question
// once:
//
//	g, err := guard.New(guard.Options{
//		Reason: "INC-4711: shop answers 503",
//		Audit:  slog.NewJSONHandler(auditFile, nil),
//		Budget: 500,
//		Record: "worlds/inc-4711",
//	})
//	if err != nil {
//		return err
//	}
//	cfg = g.Config(cfg, "111122223333")
//	service := ecsdiag.NewService(ecs.NewFromConfig(cfg), "prod", "api", window)
//	report := diag.Run(ctx, diag.On(service, ecsdiag.ServiceChecks()...))
//	err = g.Close() // writes the recorded world
//
// # What is refused
//
// Allowed are the operations that this module declares (see [Declared]) and those in [Options.Allow]; everything else
// fails with a [*RefusedError] before a request is made, even before its parameters are looked at. [diag.KindOf] calls
// it denied. Reads that hand out secrets or credentials, such as GetSecretValue or AssumeRole, are never declared, and
// a wildcard does not cover them: who needs one names it. A read that decrypts on request, as ssm:GetParameter does
// with its member WithDecryption, is named with that member: "ssm:GetParameter:WithDecryption".
//
// The guard works in the client. It protects from mistakes, not from code that makes a client of its own, or another
// config: give such code a role that can only read. The policy of a plan ([diag.Plan.Policy]) is a good one.
//
// Credentials that are fetched by assuming a role keep working, because their provider has an STS client of its own,
// made before the config was guarded.
//
// # One question, one call
//
// An identical read (same config, account, region, operation and input) that was answered earlier in the
// investigation gets a copy of that answer, and one that is under way is waited for. The scope is the Guard, not a
// number of seconds: within one investigation all findings then speak of the same moment, and the next investigation,
// which may ask whether a repair has worked, starts with nothing remembered. What is asked in order to see a change,
// such as logs:GetQueryResults, is always asked anew; [Fresh] does that for any other call. Errors that say more about
// the caller than about AWS (cancellation, budget, throttling, no connection) are not remembered. The memory for
// answers is bounded; the oldest go first.
//
// # The record
//
// With [Options.Record], [Guard.Close] writes all answers as a saved world, which this module's offline tools read:
// documents as the AWS CLI prints them, one file for each service, pages put together, secrets redacted. The same calls
// make the same bytes.
package guard
