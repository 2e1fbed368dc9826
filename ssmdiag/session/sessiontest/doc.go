// Package sessiontest is the far side of Session Manager in memory: the service's gateway with its API and data
// channels, agents on targets, and a stand-in for KMS. It speaks the dialect of the real ones, so that a tool that
// opens sessions can be tested without an account.
//
// The literal is the world:
//
//	gateway := sessiontest.New(sessiontest.World{
//		Targets: map[string]sessiontest.Agent{"i-0abc": {
//			Command: func(_ context.Context, line string, stdout, stderr io.Writer) int {
//				fmt.Fprintln(stdout, "ran", line)
//				return 0
//			},
//		}},
//		Faults: sessiontest.Faults{Drop: 0.02, Duplicate: 0.02, Reorder: 0.02},
//	})
//	defer gateway.Close()
//	client, err := session.New(gateway.SSM(), session.Options{Reason: "test", KMS: gateway.KMS()})
//
// A target that the world does not have is not connected. The agent's habits are kept where they are traps for a
// client: it sends only its oldest open frame again, acknowledges and drops what comes before the handshake has ended,
// drops the size of a terminal that is not there yet, and older ones carry one connection at a time.
package sessiontest
