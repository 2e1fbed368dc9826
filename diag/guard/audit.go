package guard

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/awsdiag/awsdiag/diag"
)

// outcome says what became of a call.
type outcome string

const (
	outcomeOK      outcome = "ok"      // AWS answered
	outcomeError   outcome = "error"   // it was let through and failed
	outcomeRefused outcome = "refused" // no request was sent
	outcomeShared  outcome = "shared"  // an earlier answer, or its error, served it
)

// level: a shared answer is no call to AWS, a refusal is worth a look.
func (o outcome) level() slog.Level {
	switch o {
	case outcomeOK:
		return slog.LevelInfo
	case outcomeShared:
		return slog.LevelDebug
	}
	return slog.LevelWarn
}

// observe notes what the SDK tells about a call that was let through.
func (c *call) observe(metadata middleware.Metadata, err error) {
	if results, ok := retry.GetAttemptResults(metadata); ok {
		c.attempts = len(results.Results)
	}
	c.requestID, _ = awsmiddleware.GetRequestIDMetadata(metadata)
	var response interface{ ServiceRequestID() string }
	if c.requestID == "" && errors.As(err, &response) {
		c.requestID = response.ServiceRequestID()
	}
}

// audit writes one record. Its values pass the redactor: an identifier may hold what it should not, such as a name in
// a filter.
func (g *Guard) audit(ctx context.Context, c *call, o outcome, err error) {
	h := g.options.Audit
	// The call is over: its cancellation must not lose its record.
	ctx = context.WithoutCancel(ctx)
	if h == nil || !h.Enabled(ctx, o.level()) {
		return
	}
	r := slog.NewRecord(c.begun, o.level(), "aws call", 0)
	r.AddAttrs(
		slog.String("account", c.account), slog.String("region", c.region),
		slog.String("service", c.service.Prefix), slog.String("operation", c.operation),
		slog.String("class", string(diag.ClassOf(c.action))),
		slog.Any("resources", g.redacted(identifiers(c.input))),
		slog.String("outcome", string(o)), slog.Duration("duration", time.Since(c.begun)),
		slog.Int("attempts", c.attempts), slog.String("request_id", c.requestID),
		slog.String("reason", g.options.Redactor.Redact(g.options.Reason)),
	)
	if err != nil {
		r.AddAttrs(slog.String("error_kind", string(diag.KindOf(err))), slog.String("error_code", code(err)))
	}
	if err := h.Handle(ctx, r); err != nil {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.written == nil {
			g.written = err
		}
	}
}

func (g *Guard) redacted(texts []string) []string {
	clean := make([]string, len(texts))
	for i, t := range texts {
		clean[i] = g.options.Redactor.Redact(t)
	}
	return clean
}

// code returns the service's code for an error, "" if the error is not from a service.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}
