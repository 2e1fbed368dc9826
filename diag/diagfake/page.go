package diagfake

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

const tokenPrefix = "page-"

// Page returns the part of items that token asks for, at most limit items (the API's own limit, or what the caller
// asked for), and the token of the next page, nil at the end. A token that Page did not make is refused with the code
// that most services use.
func Page[T any](r *Recorder, action string, items []T, token *string, limit int) ([]T, *string, error) {
	r.mu.Lock()
	size, cut, empty := r.pageSize, r.cut[action], r.empty[action]
	r.mu.Unlock()
	if empty && token == nil && len(items) > 0 {
		return items[:0], aws.String(tokenPrefix + "0"), nil
	}
	start, err := pageStart(token, len(items))
	if err != nil {
		return nil, nil, err
	}
	if cut {
		if start > 0 {
			return nil, nil, Throttled(action)
		}
		size = 1
	}
	if size == 0 || (limit > 0 && limit < size) {
		size = limit
	}
	if size <= 0 || start+size >= len(items) {
		return items[start:], nil, nil
	}
	return items[start : start+size], aws.String(tokenPrefix + strconv.Itoa(start+size)), nil
}

func pageStart(token *string, n int) (int, error) {
	if token == nil {
		return 0, nil
	}
	start, err := strconv.Atoi(strings.TrimPrefix(*token, tokenPrefix))
	if err != nil || !strings.HasPrefix(*token, tokenPrefix) || start < 0 || start > n {
		return 0, APIError("InvalidNextToken", fmt.Sprintf("the token %q is not valid", *token))
	}
	return start, nil
}
