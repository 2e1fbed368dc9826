package diag

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCause(t *testing.T) {
	acknowledged := errors.New("the page was acknowledged")
	for _, test := range []struct {
		name  string
		cause error
		want  Kind
		text  string
	}{
		{"none of its own", nil, KindCanceled, "context canceled"},
		{"somebody's", acknowledged, KindCanceled, "the page was acknowledged"},
		{"of a kind", Errorf(KindBudget, "used up"), KindBudget, "used up"},
		{"a deadline", context.DeadlineExceeded, KindCanceled, "context deadline exceeded"},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		assert.NoError(t, Cause(ctx), test.name)
		cancel(test.cause)
		err := Cause(ctx)
		assert.Equal(t, test.want, KindOf(err), test.name)
		assert.EqualError(t, err, test.text, test.name)
		if test.cause != nil {
			assert.ErrorIs(t, err, test.cause, test.name)
		}
	}
}

// TestRunEndedForAReason: who ends a run with a reason of their own ended it.
func TestRunEndedForAReason(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the page was acknowledged"))
	report := Run(ctx, On(toy{at("svc")}, finds("oom", 1, nil)))
	assert.Equal(t, []Inconclusive{{Code: "oom", Resource: at("svc"), Kind: KindCanceled, Err: "the page was acknowledged"}},
		report.Inconclusive)
}
