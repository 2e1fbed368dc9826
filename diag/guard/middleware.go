package guard

import (
	"context"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/internal/saved"
)

// scope is the guard in the stack of one config's clients.
type scope struct {
	guard   *Guard
	account string
	number  int64 // tells configs apart, which may have other credentials for the same account
}

var _ middleware.InitializeMiddleware = (*scope)(nil)

// enter puts the guard at the head of a client's stack. Older clients say in a first step of theirs which operation it
// is; newer ones have said so already.
func (s *scope) enter(stack *middleware.Stack) error {
	naming := (&awsmiddleware.RegisterServiceMetadata{}).ID()
	if _, ok := stack.Initialize.Get(naming); ok {
		return stack.Initialize.Insert(s, naming, middleware.After)
	}
	return stack.Initialize.Add(s, middleware.Before)
}

// ID implements [middleware.InitializeMiddleware].
func (s *scope) ID() string { return "awsdiag.guard" }

// call is one call of an operation.
type call struct {
	account, region   string
	service           saved.Service
	operation, action string
	input             any
	begun             time.Time
	config            int64
	attempts          int
	requestID         string
}

// HandleInitialize implements [middleware.InitializeMiddleware]. Nothing has looked at the input yet.
func (s *scope) HandleInitialize(
	ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
) (
	middleware.InitializeOutput, middleware.Metadata, error,
) {
	c := s.call(ctx, in.Parameters)
	g := s.guard
	why := g.shut()
	if why == "" {
		why = g.allowed.refusal(c.action, c.input)
	}
	if why != "" {
		err := &RefusedError{Service: c.service.Prefix, Operation: c.operation, Why: why}
		g.audit(ctx, c, outcomeRefused, err)
		return middleware.InitializeOutput{}, middleware.Metadata{}, err
	}
	a := g.ask(ctx, c, func() answer { return g.send(ctx, c, in, next) })
	return middleware.InitializeOutput{Result: a.result}, a.metadata, a.err
}

func (s *scope) call(ctx context.Context, input any) *call {
	service, _ := saved.ServiceByID(awsmiddleware.GetServiceID(ctx))
	operation := awsmiddleware.GetOperationName(ctx)
	return &call{
		account: s.account, region: awsmiddleware.GetRegion(ctx), service: service, operation: operation,
		action: service.Prefix + ":" + operation, input: input, begun: time.Now(), config: s.number,
	}
}

// send lets one call through to AWS, within both budgets.
func (g *Guard) send(
	ctx context.Context, c *call, in middleware.InitializeInput, next middleware.InitializeHandler,
) answer {
	end, err := g.begin(ctx, c.action)
	if err != nil {
		g.audit(ctx, c, outcomeRefused, err)
		return answer{err: err}
	}
	defer end()
	out, metadata, err := next.HandleInitialize(ctx, in)
	c.observe(metadata, err)
	outcome := outcomeOK
	if err != nil {
		outcome = outcomeError
	}
	g.audit(ctx, c, outcome, err)
	if g.world != nil {
		g.world.add(c, out.Result, err)
	}
	return answer{result: out.Result, metadata: metadata, err: err}
}

// begin takes one call from the guard's own budget and from that of the run.
func (g *Guard) begin(ctx context.Context, action string) (end func(), err error) {
	n := g.sent.Add(1)
	if limit := int64(g.options.Budget); limit > 0 && n > limit {
		g.sent.Add(-1)
		return nil, diag.Errorf(diag.KindBudget, "%s not called: the guard's budget of %d calls is used up", action, limit)
	}
	end, err = diag.BeginCall(ctx, action)
	if err != nil {
		g.sent.Add(-1)
	}
	return end, err
}
