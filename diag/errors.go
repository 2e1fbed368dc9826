package diag

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

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
	// KindInvalid: the question was wrong: a parameter that AWS or this module refuses.
	KindInvalid Kind = "invalid"
	// KindIncomplete: the answer was cut: truncated, out of retention, more than a limit.
	KindIncomplete Kind = "incomplete"
	// KindUnreachable: no answer came from the endpoint, or none that the SDK understands.
	KindUnreachable Kind = "unreachable"
	// KindPanic: a check panicked.
	KindPanic Kind = "panic"
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

// KindOf classes an error. Nil has no kind and gives "". It goes by types and by AWS error codes, never by text.
func KindOf(err error) Kind {
	var own *Error
	var api smithy.APIError
	var netErr net.Error
	var answer interface{ HTTPStatusCode() int }
	var deserialization *smithy.DeserializationError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &own):
		return own.Kind
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return KindCanceled
	case errors.As(err, &api):
		return kindOfCode(api.ErrorCode())
	case errors.As(err, &answer):
		return kindOfStatus(answer.HTTPStatusCode())
	case errors.As(err, &netErr), errors.As(err, &deserialization):
		return KindUnreachable
	}
	return KindOther
}

// kindOfStatus classes an answer that holds no API error, such as the page of a proxy, by its HTTP status.
func kindOfStatus(status int) Kind {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return KindDenied
	case http.StatusTooManyRequests:
		return KindThrottled
	}
	return KindUnreachable
}

// deniedCodes are the codes with which AWS services refuse a caller ("Common errors" of the API references, and
// "Error codes for the Amazon EC2 API").
var deniedCodes = map[string]bool{
	"AccessDenied": true, "AccessDeniedException": true, "UnauthorizedOperation": true, "AuthFailure": true,
	"NotAuthorized": true, "UnauthorizedException": true, "AuthorizationError": true, "UnrecognizedClientException": true,
	"InvalidClientTokenId": true, "SignatureDoesNotMatch": true, "MissingAuthenticationToken": true,
	"IncompleteSignature": true, "OptInRequired": true, "ExpiredToken": true, "ExpiredTokenException": true,
	"RequestExpired": true, "Blocked": true,
}

func kindOfCode(code string) Kind {
	code = strings.TrimPrefix(code, "Client.")
	_, throttled := retry.DefaultThrottleErrorCodes[code]
	switch {
	case deniedCodes[code]:
		return KindDenied
	case throttled:
		return KindThrottled
	case strings.HasSuffix(code, "NotFound"), strings.HasSuffix(code, "NotFoundException"),
		strings.HasSuffix(code, "NotFoundFault"), code == "NoSuchEntity", code == "NoSuchEntityException":
		return KindNotFound
	case strings.HasPrefix(code, "Invalid"), strings.HasPrefix(code, "Validation"), strings.HasPrefix(code, "Missing"),
		strings.HasPrefix(code, "Malformed"):
		return KindInvalid
	case code == "", code == "InternalFailure", code == "InternalError", code == "ServiceUnavailable", code == "UnknownError":
		return KindUnreachable
	}
	return KindOther
}
