package diag

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// KindOf classes an error. Nil has no kind and gives "". It goes by types, AWS error codes and HTTP status, never by
// text. Of several joined errors, the first [Error] decides.
func KindOf(err error) Kind {
	var own *Error
	var api smithy.APIError
	var params smithy.InvalidParamsError
	var serialization *smithy.SerializationError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &own):
		return own.Kind
	case canceled(err):
		return KindCanceled
	case errors.As(err, &api) && kindOfCode(api.ErrorCode()) != KindOther:
		return kindOfCode(api.ErrorCode())
	case errors.As(err, &params), errors.As(err, &serialization):
		return KindInvalid
	}
	return kindOfTransport(err)
}

// canceled reports an error that comes from a context. errors.Is does not do for deadlines: the timeouts of package net
// claim to be context.DeadlineExceeded.
func canceled(err error) bool {
	return errors.Is(err, context.Canceled) || holds(err, context.DeadlineExceeded)
}

// holds reports whether target itself is in err's tree.
func holds(err, target error) bool {
	if err == target {
		return true
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return holds(e.Unwrap(), target)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), func(err error) bool { return holds(err, target) })
	}
	return false
}

// deniedCodes are the codes with which AWS services refuse a caller, without endings such as Exception ("Common errors"
// of the API references, and "Error codes for the Amazon EC2 API").
var deniedCodes = map[string]bool{
	"AccessDenied": true, "UnauthorizedOperation": true, "Unauthorized": true, "AuthFailure": true, "NotAuthorized": true,
	"Authorization": true, "UnrecognizedClient": true, "InvalidClientTokenId": true, "InvalidAccessKeyId": true,
	"SignatureDoesNotMatch": true, "InvalidSignature": true, "IncompleteSignature": true,
	"MissingAuthenticationToken": true,
	"OptInRequired":              true, "ExpiredToken": true, "InvalidToken": true, "InvalidIdentityToken": true,
	"RequestExpired":       true,
	"TokenRefreshRequired": true, "Blocked": true,
}

// failedCodes are the codes with which a service says that the fault is its own.
var failedCodes = map[string]bool{
	"": true, "InternalFailure": true, "Internal": true, "InternalServer": true, "InternalService": true, "Server": true,
	"Service": true, "ServiceFailure": true, "ServiceUnavailable": true, "Unavailable": true, "RequestTimeout": true,
}

func kindOfCode(code string) Kind {
	_, throttled := retry.DefaultThrottleErrorCodes[code]
	code = strings.TrimPrefix(strings.TrimPrefix(code, "Client."), "Server.")
	for _, ending := range []string{"Exception", "Fault", "Error"} {
		code = strings.TrimSuffix(code, ending)
	}
	switch {
	case deniedCodes[code]:
		return KindDenied
	case throttled:
		return KindThrottled
	case strings.HasSuffix(code, "NotFound"), strings.HasSuffix(code, "DoesNotExist"), strings.HasPrefix(code, "NoSuch"):
		return KindNotFound
	case strings.HasPrefix(code, "Invalid"), strings.HasPrefix(code, "Validation"), strings.HasPrefix(code, "Missing"),
		strings.HasPrefix(code, "Malformed"):
		return KindInvalid
	case failedCodes[code]:
		return KindUnreachable
	}
	return KindOther
}

// kindOfTransport classes by the HTTP status, which also proxies and gateways before AWS set, and by whether an answer
// came at all.
func kindOfTransport(err error) Kind {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil && response.Response.Response != nil {
		switch status := response.HTTPStatusCode(); {
		case status == http.StatusUnauthorized, status == http.StatusForbidden:
			return KindDenied
		case status == http.StatusTooManyRequests:
			return KindThrottled
		case status >= http.StatusInternalServerError:
			return KindUnreachable
		}
	}
	var netErr net.Error
	var send *smithyhttp.RequestSendError
	var deserialization *smithy.DeserializationError
	if errors.As(err, &netErr) || errors.As(err, &send) || errors.As(err, &deserialization) {
		return KindUnreachable
	}
	return KindOther
}
