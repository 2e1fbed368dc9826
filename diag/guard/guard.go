package guard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// Options says what a guard allows and what it keeps.
type Options struct {
	// Reason says why the calls are made, such as a ticket. It is mandatory and stands in every line of the audit.
	Reason string
	// Allow adds operations to those of [Declared], as "service:Operation" with the service as in IAM actions or as the
	// AWS CLI names it: "ssm:SendCommand". "ec2:Describe*" and "ec2:List*" allow a service's descriptions or lists.
	Allow []string
	// Audit receives one record for each call: at level Info if it was answered, Warn if it failed or was refused,
	// Debug if an earlier answer served it. Nil means no audit. A handler that fails stops the guard: calls that could
	// not be accounted for are refused from then on.
	Audit slog.Handler
	// Budget bounds the calls sent to AWS, retries not counted. Zero does not limit.
	Budget int
	// Unshared makes identical reads go to AWS each time.
	Unshared bool
	// Record is the folder to write a saved world to when the guard is closed. It must not exist, or be empty. Empty
	// means no recording.
	Record string
	// Redactor cleans the audit and the record. Nil means the default one, see [diag.NewRedactor].
	Redactor *diag.Redactor
}

// Guard watches over the clients of one investigation. Safe for concurrent use.
type Guard struct {
	options Options
	allowed allowList
	answers answers
	world   *world // nil without recording
	sent    atomic.Int64
	configs atomic.Int64

	mu      sync.Mutex
	closed  bool
	written error // the first failure of the audit
}

// New makes a guard. It fails without a reason, for an entry of Allow that names no operation, and for a folder to
// record to that holds something.
func New(options Options) (*Guard, error) {
	if strings.TrimSpace(options.Reason) == "" {
		return nil, errors.New("guarding: a reason is mandatory, such as the ticket that the calls are made for")
	}
	if options.Budget < 0 {
		return nil, fmt.Errorf("guarding: a budget of %d calls: want zero for no limit, or more", options.Budget)
	}
	if options.Redactor == nil {
		options.Redactor = diag.NewRedactor(nil)
	}
	g := &Guard{options: options}
	var err error
	if g.allowed, err = newAllowList(options.Allow); err != nil {
		return nil, fmt.Errorf("guarding: %w", err)
	}
	if options.Record != "" {
		if err := vacant(options.Record); err != nil {
			return nil, fmt.Errorf("guarding: %w", err)
		}
		g.world = newWorld(options.Redactor)
	}
	return g, nil
}

// Config returns a copy of cfg whose clients are guarded. The account is that of its credentials, for audit and record;
// it may be empty where it is not known. One guard may watch over several configs; they share no answers.
func (g *Guard) Config(cfg aws.Config, account string) aws.Config {
	s := scope{guard: g, account: account, number: g.configs.Add(1)}
	cfg = cfg.Copy()
	// Copy leaves the slice shared: an append to its spare room would show in other configs.
	cfg.APIOptions = append(cfg.APIOptions[:len(cfg.APIOptions):len(cfg.APIOptions)], s.enter)
	return cfg
}

// Calls returns how many calls were sent to AWS so far.
func (g *Guard) Calls() int { return int(g.sent.Load()) }

// Close ends the investigation: later calls are refused. It writes the recorded world, whole or not at all, and
// returns what went wrong, the first failure of the audit included. Further calls of Close do nothing.
func (g *Guard) Close() error {
	g.mu.Lock()
	already, audit := g.closed, g.written
	g.closed = true
	g.mu.Unlock()
	if already {
		return nil
	}
	if audit != nil {
		audit = fmt.Errorf("writing the audit: %w", audit)
	}
	if g.world == nil {
		return audit
	}
	if err := g.world.write(g.options.Record); err != nil {
		return errors.Join(audit, fmt.Errorf("recording to %s: %w", g.options.Record, err))
	}
	return audit
}

// shut returns why no call may be made any more, "" if calls may be made.
func (g *Guard) shut() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.closed:
		return "the guard is closed"
	case g.written != nil:
		return "the audit cannot be written: " + g.written.Error()
	}
	return ""
}

type freshKey struct{}

// Fresh returns a context whose calls ask AWS even where an earlier answer is known. Others may use the new answer.
func Fresh(ctx context.Context) context.Context { return context.WithValue(ctx, freshKey{}, true) }

func fresh(ctx context.Context) bool { return ctx.Value(freshKey{}) != nil }
