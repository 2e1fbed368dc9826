// Package session opens Session Manager sessions from Go, without AWS's plugin: it runs commands, opens shells,
// forwards ports and speaks for ECS Exec.
//
// It is of class active: it runs something on the target, although it changes no configuration. Nothing else in this
// module imports it, no check uses it, and a client cannot be made without a reason, which Systems Manager keeps with
// the session.
//
//	client, err := session.New(ssm.NewFromConfig(config), session.Options{
//		Reason: "INC-42: the disk of the batch host fills up",
//		KMS:    kms.NewFromConfig(config), // where the preferences encrypt sessions
//		Audit:  slog.Default().Handler(),
//	})
//
// # Commands
//
// Run gives standard output, standard error and the exit code apart, where the agent and the document do. A command
// that fails is no error:
//
//	result, err := client.Run(ctx, "i-0abc", session.Command{Line: session.Quote("df", "-h", "/var/log")})
//	if err == nil && result.ExitCode != nil && *result.ExitCode != 0 { … }
//
// # Shells and ECS Exec
//
// Shell connects a reader and a writer with a terminal on the target. Exec does the same in a session that somebody
// else has opened. For ECS it is the caller who calls ecs.ExecuteCommand, so that this package does not need to
// link that service:
//
//	output, err := ecsClient.ExecuteCommand(ctx, &ecs.ExecuteCommandInput{…})
//	result, err := client.Exec(ctx, session.Stream{
//		SessionID: *output.Session.SessionId,
//		URL:       *output.Session.StreamUrl,
//		Token:     *output.Session.TokenValue,
//		Target:    session.ECSTarget("prod", taskID, runtimeID),
//	}, session.Shell{In: os.Stdin, Out: os.Stdout})
//
// # Ports
//
// Forward leads connections to a port of the target, or of a host that the target reaches. It listens on 127.0.0.1
// alone, or not at all: Dial is a database driver's dial function.
//
//	forward, err := client.Forward(ctx, "i-0abc", session.Port{Host: "db.internal", Port: 5432})
//	defer forward.Close()
//	fmt.Println(forward.Addr())
//
// The agent sends 1,024 bytes a millisecond at most, so that 0.6 to 0.8 MB/s is what a forward does with the real one.
//
// # How it ends
//
// The end of a context ends a session at the service (TerminateSession) and here; no goroutine is left. The service
// closes each connection about once an hour and loses, doubles and reorders messages now and then: the session is
// resumed (ResumeSession), and what is missing is sent again. Beyond that nothing is tried again.
//
// # Errors
//
// ErrTargetNotConnected, ErrPreferences, ErrAgentTooOld, ErrRefused and ErrConnectFailed tell what is wrong, and
// diag.KindOf what a program can do about it. Errors of the SDK stay in the chain.
//
// # Tests
//
// Package sessiontest is a gateway with agents in memory which speaks the same dialect, with the faults of a bad day on
// demand, so that a tool that uses this package is tested without an account.
package session
