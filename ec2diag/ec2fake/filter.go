package ec2fake

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// maxFilterValues is EC2's limit ("Resource filtering using the API", EC2 developer guide).
const maxFilterValues = 200

// filters names the filters of one operation, each with what it looks at.
type filters[T any] map[string]func(T) []string

// kind tells how an operation finds its items.
type kind[T any] struct {
	id       func(T) *string
	notFound string // the error code for an id that does not exist
	filters  filters[T]
}

// pick returns the items with the ids, in the order of the world, that pass all filters.
func (k kind[T]) pick(items []T, ids []string, by []types.Filter) ([]T, error) {
	for _, id := range ids {
		if !slices.ContainsFunc(items, func(i T) bool { return aws.ToString(k.id(i)) == id }) {
			return nil, diagfake.APIError(k.notFound, fmt.Sprintf("The ID '%s' does not exist", id))
		}
	}
	var out []T
	for _, item := range items {
		ok, err := k.passes(item, by)
		if err != nil {
			return nil, err
		}
		if ok && (len(ids) == 0 || slices.Contains(ids, aws.ToString(k.id(item)))) {
			out = append(out, item)
		}
	}
	return out, k.check(by)
}

// check refuses what EC2 refuses, also where there is nothing to filter.
func (k kind[T]) check(by []types.Filter) error {
	for _, f := range by {
		if k.filters[aws.ToString(f.Name)] == nil {
			return diagfake.APIError("InvalidParameterValue", fmt.Sprintf("The filter '%s' is invalid", aws.ToString(f.Name)))
		}
		if len(f.Values) > maxFilterValues {
			return diagfake.APIError(
				"FilterLimitExceeded",
				fmt.Sprintf("The maximum number of filter values specified on a single call is %d", maxFilterValues),
			)
		}
	}
	return nil
}

func (k kind[T]) passes(item T, by []types.Filter) (bool, error) {
	for _, f := range by {
		values := k.filters[aws.ToString(f.Name)]
		if values == nil {
			return false, k.check(by)
		}
		if !slices.ContainsFunc(values(item), func(v string) bool { return matches(f.Values, v) }) {
			return false, nil
		}
	}
	return true, nil
}

// matches knows EC2's wildcards: * and ?. A slash is an ordinary character.
func matches(patterns []string, value string) bool {
	flat := func(s string) string { return strings.ReplaceAll(s, "/", "\x00") }
	return slices.ContainsFunc(patterns, func(p string) bool {
		if !strings.ContainsAny(p, "*?") {
			return p == value
		}
		ok, err := path.Match(flat(strings.ReplaceAll(p, "[", `\[`)), flat(value))
		return ok && err == nil
	})
}

// one makes a filter out of a single optional member.
func one[T any](member func(T) *string) func(T) []string {
	return func(item T) []string { return some(member(item)) }
}

// some leaves out what is nil.
func some(values ...*string) []string {
	var out []string
	for _, v := range values {
		if v != nil {
			out = append(out, *v)
		}
	}
	return out
}
