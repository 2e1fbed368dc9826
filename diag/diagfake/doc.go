// Package diagfake is what every fake AWS client of this module is made of.
//
// A fake embeds a [Recorder] and answers each operation through [Serve]. It then records its calls, waits, pages and
// fails as told, answers with copies, and takes part in a run's budget like a guarded client:
//
//	type Client struct {
//		diagfake.Recorder
//		Queues []types.Queue // the literal is the world
//	}
//
//	func (c *Client) ListQueues(ctx context.Context, in *sqs.ListQueuesInput, _ ...func(*sqs.Options)) (*sqs.ListQueuesOutput, error) {
//		return diagfake.Serve(ctx, &c.Recorder, "sqs:ListQueues", in, c.listQueues)
//	}
//
// The package does not import testing, so that demos and offline tools may use fakes too.
package diagfake
