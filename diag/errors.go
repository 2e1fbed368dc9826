package diag

import "fmt"

// Kind classes errors by what a program can do about them.
type Kind string

const (
	// KindDenied: the caller may not make the call, or its credentials do not hold. Ask for the permission.
	KindDenied Kind = "denied"
	// KindThrottled: AWS asks to slow down. Try again later.
	KindThrottled Kind = "throttled"
	// KindNotFound: the resource does not exist, or not in this account and region.
	KindNotFound Kind = "not-found"
	// KindCanceled: the caller ended the run.
	KindCanceled Kind = "canceled"
	// KindBudget: the run's budget of time or calls was used up.
	KindBudget Kind = "budget"
	// KindInvalid: the question was wrong: a parameter that AWS, the SDK or this module refuses.
	KindInvalid Kind = "invalid"
	// KindIncomplete: the answer was cut: truncated, out of retention, more than a limit.
	KindIncomplete Kind = "incomplete"
	// KindUnreachable: no answer came from the endpoint, or the service failed, or the SDK does not understand it.
	KindUnreachable Kind = "unreachable"
	// KindPanic: a check panicked or ended its goroutine. It is to be mended, if it was not given a nil client.
	KindPanic Kind = "panic"
	// KindContract: a check broke the contract of findings, such as with one without evidence. It is to be mended.
	KindContract Kind = "contract"
	// KindOther: anything else.
	KindOther Kind = "other"
)

// Error is an error with its kind.
type Error struct {
	Kind Kind
	Err  error
}

// Errorf makes an error of a kind. It wraps as fmt.Errorf does.
func Errorf(kind Kind, format string, args ...any) error {
	return &Error{Kind: kind, Err: fmt.Errorf(format, args...)}
}

// Error returns the text of the wrapped error.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the wrapped error.
func (e *Error) Unwrap() error { return e.Err }
