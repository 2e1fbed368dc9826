package guard

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/smithy-go/middleware"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/saved"
)

// maxMemory bounds the answers that are kept, in bytes as clone counts them. An answer of more than a quarter of it is
// not kept: it would push out everything else.
const maxMemory = 64 << 20

// polled are operations that are asked in order to see a change.
var polled = []string{
	"cloudtrail:GetQueryResults", "ec2:DescribeNetworkInsightsAnalyses", "logs:DescribeQueries", "logs:GetQueryResults",
	"ssm:DescribeSessions", "ssm:GetAutomationExecution", "ssm:GetCommandInvocation", "ssm:ListCommandInvocations",
	"ssm:ListCommands",
}

// verbs begin the names of operations whose answer says nothing about who asked before.
var verbs = []string{"Describe", "List", "Get", "BatchGet", "Lookup", "Filter", "Simulate", "Search"}

// answer is what the rest of the stack returned.
type answer struct {
	result   any
	metadata middleware.Metadata
	err      error
}

// answers are the calls under way and the answers that are kept. The zero value is ready.
type answers struct {
	mu    sync.Mutex
	byKey map[key]*flight
	kept  []key // oldest first
	size  int
}

type key [sha256.Size]byte

// flight is one call that others may wait for. Answer and size are set before done is closed.
type flight struct {
	done   chan struct{}
	answer answer // the result is nobody's but the flight's
	share  bool
	size   int
}

// ask returns the answer to a call: an earlier one, that of an identical call under way, or what send returns.
func (g *Guard) ask(ctx context.Context, c *call, send func() answer) answer {
	k, ok := g.keyOf(c)
	if !ok {
		return send()
	}
	again := fresh(ctx)
	for {
		f, mine := g.answers.claim(k, again)
		if mine {
			return g.answers.fly(k, f, send)
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return g.gaveUp(ctx, c)
		}
		if f.share {
			a, _ := f.answer.copy()
			g.audit(ctx, c, outcomeShared, a.err)
			return a
		}
		again = false // the flight that failed is no longer there
		if ctx.Err() != nil {
			return g.gaveUp(ctx, c)
		}
	}
}

// gaveUp is the answer to who waited for another's call and was cancelled.
func (g *Guard) gaveUp(ctx context.Context, c *call) answer {
	err := diag.Cause(ctx)
	g.audit(ctx, c, outcomeError, err)
	return answer{err: err}
}

// keyOf identifies a question. It reports false for what must not be shared.
func (g *Guard) keyOf(c *call) (key, bool) {
	reads := slices.ContainsFunc(verbs, func(v string) bool { return strings.HasPrefix(c.operation, v) })
	if g.options.Unshared || !reads || slices.Contains(polled, c.action) {
		return key{}, false
	}
	input, err := saved.Encode(c.input)
	if err != nil {
		return key{}, false
	}
	text := fmt.Sprintf("%d\n%s\n%s\n%s\n%s", c.config, c.account, c.region, c.action, input)
	return sha256.Sum256([]byte(text)), true
}

// claim returns the flight of a key and whether the caller has to fly it.
func (a *answers) claim(k key, again bool) (_ *flight, mine bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if f := a.byKey[k]; f != nil && !again {
		return f, false
	}
	if a.byKey == nil {
		a.byKey = map[key]*flight{}
	}
	a.forget(k)
	f := &flight{done: make(chan struct{})}
	a.byKey[k] = f
	return f, true
}

// fly sends the call and publishes its answer, also when send panics.
func (a *answers) fly(k key, f *flight, send func() answer) answer {
	defer func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.byKey[k] == f {
			a.keep(k, f)
		}
		close(f.done)
	}()
	got := send()
	if f.share = shareable(got); f.share {
		f.answer, f.size = got.copy()
	}
	return got
}

// keep counts an answer in and lets the oldest go. The caller holds the lock.
func (a *answers) keep(k key, f *flight) {
	if !f.share || f.size > maxMemory/4 {
		delete(a.byKey, k)
		return
	}
	a.kept = append(a.kept, k)
	a.size += f.size
	for a.size > maxMemory {
		a.forget(a.kept[0])
	}
}

// forget drops a kept answer. The caller holds the lock.
func (a *answers) forget(k key) {
	if i := slices.Index(a.kept, k); i >= 0 {
		a.size -= a.byKey[k].size
		a.kept = slices.Delete(a.kept, i, i+1)
		delete(a.byKey, k)
	}
}

// shareable reports an answer that would be the same for whoever asks: a whole result that can be copied, or an error
// that AWS decided on.
func shareable(a answer) bool {
	switch diag.KindOf(a.err) {
	case "":
		return whole(a.result)
	case diag.KindDenied, diag.KindNotFound, diag.KindInvalid:
		return true
	}
	return false
}

// copy makes an answer that its receiver may change, as every client does: it sets ResultMetadata.
func (a answer) copy() (answer, int) {
	result, size := clone(a.result)
	return answer{result: result, metadata: a.metadata.Clone(), err: a.err}, size
}
