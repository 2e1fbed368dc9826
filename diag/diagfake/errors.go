package diagfake

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"
)

// APIError is an error as a service answers it.
func APIError(code, message string) error {
	return &smithy.GenericAPIError{Code: code, Message: message, Fault: smithy.FaultClient}
}

// codes are a service's own words for "denied" and "throttled", where they differ from those of the JSON protocols
// ("Error codes for the Amazon EC2 API"; "Common errors" of the Query API references).
var codes = map[string]struct{ denied, throttled string }{
	"ec2":                  {"UnauthorizedOperation", "RequestLimitExceeded"},
	"elasticloadbalancing": {"AccessDenied", "Throttling"},
	"autoscaling":          {"AccessDenied", "Throttling"},
	"rds":                  {"AccessDenied", "Throttling"},
	"iam":                  {"AccessDenied", "Throttling"},
	"sts":                  {"AccessDenied", "Throttling"},
	"cloudwatch":           {"AccessDenied", "Throttling"},
}

// Denied is the error of a caller without the permission for an action.
func Denied(action string) error {
	code := "AccessDeniedException"
	if c, ok := codes[service(action)]; ok {
		code = c.denied
	}
	return APIError(code, fmt.Sprintf("User: arn:aws:iam::111122223333:user/reader is not authorized to perform: %s "+
		"because no identity-based policy allows the %s action", action, action))
}

// Throttled is the error of an action that was called too often.
func Throttled(action string) error {
	code := "ThrottlingException"
	if c, ok := codes[service(action)]; ok {
		code = c.throttled
	}
	return APIError(code, "Rate exceeded")
}

func service(action string) string {
	s, _, _ := strings.Cut(action, ":")
	return s
}

// operationError wraps an error as the SDK does.
func operationError(action string, err error) error {
	var already *smithy.OperationError
	if errors.As(err, &already) {
		return err
	}
	service, operation, _ := strings.Cut(action, ":")
	return &smithy.OperationError{ServiceID: service, OperationName: operation, Err: err}
}
