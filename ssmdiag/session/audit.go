package session

import (
	"context"
	"log/slog"
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// audit writes one record. It never holds the token nor what is sent.
func (c *Client) audit(ctx context.Context, event string, stream Stream, document string, err error,
	more ...slog.Attr) {
	h, level := c.options.Audit, slog.LevelInfo
	if err != nil {
		level = slog.LevelWarn
	}
	// The session may be over because its context is: its record must not be lost.
	ctx = context.WithoutCancel(ctx)
	if h == nil || !h.Enabled(ctx, level) {
		return
	}
	r := slog.NewRecord(time.Now(), level, event, 0)
	r.AddAttrs(slog.String("target", stream.Target), slog.String("session", stream.SessionID),
		slog.String("document", document), slog.String("class", string(diag.ClassActive)),
		slog.String("reason", c.options.Reason))
	r.AddAttrs(more...)
	if err != nil {
		r.AddAttrs(slog.String("error_kind", string(diag.KindOf(err))), slog.String("error", err.Error()))
	}
	_ = h.Handle(ctx, r) // a session that is open cannot be undone for want of a record
}
