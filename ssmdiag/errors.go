package ssmdiag

import (
	"errors"

	"github.com/aws/smithy-go"
)

// answered reports an error with one of the service's codes.
func answered(err error, codes ...string) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	for _, c := range codes {
		if api.ErrorCode() == c {
			return true
		}
	}
	return false
}
