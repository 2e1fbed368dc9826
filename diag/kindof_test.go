package diag

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func apiError(code string) error {
	return &smithy.OperationError{ServiceID: "ECS", OperationName: "DescribeTasks",
		Err: &smithy.GenericAPIError{Code: code, Message: "m"}}
}

func status(code int, err error) error {
	return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: code}}, Err: err}
}

func TestKindOfCodes(t *testing.T) {
	for code, want := range map[string]Kind{
		"AccessDeniedException": KindDenied, "AccessDenied": KindDenied, "UnauthorizedOperation": KindDenied,
		"AuthFailure":                 KindDenied,
		"UnrecognizedClientException": KindDenied, "InvalidClientTokenId": KindDenied,
		"InvalidSignatureException": KindDenied,
		"ExpiredTokenException":     KindDenied, "Client.UnauthorizedOperation": KindDenied, "AuthorizationError": KindDenied,
		"ThrottlingException": KindThrottled, "Throttling": KindThrottled, "RequestLimitExceeded": KindThrottled,
		"TooManyRequestsException": KindThrottled,
		"ClusterNotFoundException": KindNotFound, "TargetGroupNotFound": KindNotFound,
		"DBInstanceNotFoundFault":    KindNotFound,
		"InvalidInstanceID.NotFound": KindNotFound, "NoSuchEntity": KindNotFound, "NoSuchEntityException": KindNotFound,
		"InvocationDoesNotExist": KindNotFound, "NoSuchBucket": KindNotFound,
		"InvalidParameterException": KindInvalid, "ValidationError": KindInvalid, "ValidationException": KindInvalid,
		"InvalidInstanceID.Malformed": KindInvalid, "MissingParameter": KindInvalid, "MalformedPolicyDocument": KindInvalid,
		"ServerException": KindUnreachable, "InternalError": KindUnreachable, "InternalFailure": KindUnreachable,
		"InternalServerError": KindUnreachable, "InternalServerException": KindUnreachable,
		"ServiceUnavailable":          KindUnreachable,
		"ServiceUnavailableException": KindUnreachable, "UnknownError": KindOther, "": KindUnreachable,
		"ClientException": KindOther, "ServiceNotActiveException": KindOther, "InsufficientInstanceCapacity": KindOther,
	} {
		assert.Equal(t, want, KindOf(apiError(code)), "code %q", code)
	}
}

func TestKindOf(t *testing.T) {
	timeout := &net.OpError{Op: "dial", Net: "tcp", Err: &timeoutLikeNet{}}
	for _, tt := range []struct {
		name string
		err  error
		want Kind
	}{
		{"nil", nil, ""},
		{"unknown", errors.New("x"), KindOther},
		{"own", Errorf(KindIncomplete, "cut"), KindIncomplete},
		{"own, wrapped", fmt.Errorf("listing: %w", Errorf(KindNotFound, "no")), KindNotFound},
		{"own goes before what it wraps", Errorf(KindIncomplete, "half: %w", apiError("AccessDenied")), KindIncomplete},
		{"the first of joined", errors.Join(Errorf(KindThrottled, "a"), Errorf(KindDenied, "b")), KindThrottled},
		{"canceled", fmt.Errorf("x: %w", context.Canceled), KindCanceled},
		{"deadline", fmt.Errorf("x: %w", context.DeadlineExceeded), KindCanceled},
		{"deadline among joined", errors.Join(errors.New("x"), context.DeadlineExceeded), KindCanceled},
		{"the SDK's cancellation", &aws.RequestCanceledError{Err: context.Canceled}, KindCanceled},
		{"smithy's cancellation", &smithy.OperationError{Err: &smithy.CanceledError{Err: context.DeadlineExceeded}},
			KindCanceled},
		{"cancellation in an url error", &url.Error{Op: "Post", URL: "x", Err: context.Canceled}, KindCanceled},
		{"a network timeout claims to be a deadline", timeout, KindUnreachable},
		{"and wrapped", &smithyhttp.RequestSendError{Err: &url.Error{Op: "Post", URL: "x", Err: timeout}}, KindUnreachable},
		{"no such host", &net.DNSError{Err: "no such host", Name: "ecs.invalid", IsNotFound: true}, KindUnreachable},
		{"connection cut", &smithyhttp.RequestSendError{Err: io.ErrUnexpectedEOF}, KindUnreachable},
		{"not understood", &smithy.DeserializationError{Err: errors.New("invalid character '<'")}, KindUnreachable},
		{"a gateway's refusal", status(http.StatusForbidden, &smithy.DeserializationError{Err: errors.New("x")}), KindDenied},
		{"a gateway's throttle", status(http.StatusTooManyRequests, errors.New("x")), KindThrottled},
		{"a gateway's failure", status(http.StatusBadGateway, apiError("UnknownError")), KindUnreachable},
		{"the code goes before the status", status(http.StatusForbidden, apiError("ThrottlingException")), KindThrottled},
		{"a response without response", &smithyhttp.ResponseError{Err: errors.New("x")}, KindOther},
		{"parameters the SDK refuses", &smithy.OperationError{Err: smithy.InvalidParamsError{Context: "x"}}, KindInvalid},
		{"parameters the SDK cannot write", &smithy.SerializationError{Err: errors.New("x")}, KindInvalid},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, KindOf(tt.err)) })
	}
}

// timeoutLikeNet is as the timeout of package net.
type timeoutLikeNet struct{}

func (*timeoutLikeNet) Error() string        { return "i/o timeout" }
func (*timeoutLikeNet) Timeout() bool        { return true }
func (*timeoutLikeNet) Temporary() bool      { return true }
func (*timeoutLikeNet) Is(target error) bool { return target == context.DeadlineExceeded }

func TestKindOfAClientTimeout(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	_, err := (&http.Client{Timeout: 20 * time.Millisecond}).Get(server.URL)
	require.ErrorIs(t, err, context.DeadlineExceeded, "or else this test proves nothing")
	assert.Equal(t, KindUnreachable, KindOf(err))
}

func TestErrorWraps(t *testing.T) {
	err := Errorf(KindDenied, "describing %s: %w", "x", io.EOF)
	assert.EqualError(t, err, "describing x: EOF")
	assert.ErrorIs(t, err, io.EOF)
}
