package ssmdiag

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag"
)

// Parameters are one parameter of Parameter Store, or all below a path. Values are not read unless an option says so.
type Parameters struct {
	api     ParameterAPI
	name    string   // of a single parameter, "" for a path
	path    string   // without its last slash
	names   []string // of a list of parameters, with name as what the list is called
	window  diag.Window
	expect  []Expected
	started time.Time
	values  valueOptions

	list    *diag.Memo[[]types.ParameterMetadata] // shared with others of the same parameters
	read    diag.Memo[map[string]value]
	history diag.MemoMap[string, []types.ParameterHistory]
}

// ParameterOption says what [Parameters] are judged by.
type ParameterOption func(*Parameters)

// Expected is a parameter that ought to exist. Zero members are not compared.
type Expected struct {
	// Name is the whole name: "/shop/prod/db-url".
	Name    string
	Type    types.ParameterType
	Tier    types.ParameterTier
	Version int64
	// Fingerprint is what [Parameters.Fingerprints] returned for the value that it ought to have.
	Fingerprint string
}

// Expect names parameters that ought to exist.
func Expect(parameters ...Expected) ParameterOption {
	return func(p *Parameters) { p.expect = append(p.expect, parameters...) }
}

// ConsumersStarted says when the programs that read the parameters started: later changes have not reached them.
func ConsumersStarted(at time.Time) ParameterOption { return func(p *Parameters) { p.started = at } }

var _ diag.Subject = (*Parameters)(nil)

// NewParameter makes the single parameter of a name, such as "/shop/prod/db-url". The window's End is "now".
func NewParameter(api ParameterAPI, name string, window diag.Window, options ...ParameterOption) *Parameters {
	return newParameters(&Parameters{api: api, name: name, window: window}, options)
}

// NewParameterPath makes all parameters below a path, such as "/shop/prod", at any depth.
func NewParameterPath(api ParameterAPI, path string, window diag.Window, options ...ParameterOption) *Parameters {
	return newParameters(&Parameters{api: api, path: strings.TrimRight(path, "/"), window: window}, options)
}

// NewParameterList makes the parameters of some names, such as those that a task definition refers to, which id names.
// They are described in batches.
func NewParameterList(
	api ParameterAPI, id string, names []string, window diag.Window, options ...ParameterOption,
) *Parameters {
	names = append([]string{}, slices.Compact(slices.Sorted(slices.Values(names)))...)
	return newParameters(&Parameters{api: api, name: id, names: names, window: window}, options)
}

// As returns the parameters under another name, judged by when other consumers started. What is said about them is
// asked once for both.
func (p *Parameters) As(id string, started time.Time) *Parameters {
	return &Parameters{api: p.api, name: id, names: p.own(), window: p.window, expect: p.expect, started: started,
		values: p.values, list: p.list}
}

func newParameters(p *Parameters, options []ParameterOption) *Parameters {
	p.list = new(diag.Memo[[]types.ParameterMetadata])
	for _, o := range options {
		o(p)
	}
	return p
}

// Resource names the parameter, the list, or the path as "/shop/prod/*".
func (p *Parameters) Resource() diag.Resource {
	return diag.Resource{Type: typeParameter, ID: cmp.Or(p.name, p.path+"/*")}
}

// List returns what is said about the parameters: type, tier, version, who changed them last and when; sorted by name.
// A parameter that does not exist is not in it. If the list was cut short it returns the part and the error.
func (p *Parameters) List(ctx context.Context) ([]types.ParameterMetadata, error) {
	return p.list.Get(ctx, func(ctx context.Context) ([]types.ParameterMetadata, error) {
		var list []types.ParameterMetadata
		var err error
		for _, filter := range p.filters() {
			in := &ssm.DescribeParametersInput{
				MaxResults: aws.Int32(pageSize), ParameterFilters: []types.ParameterStringFilter{filter},
			}
			for pages := ssm.NewDescribeParametersPaginator(p.api, in); err == nil && pages.HasMorePages(); {
				var out *ssm.DescribeParametersOutput
				if out, err = pages.NextPage(ctx); err == nil {
					list = append(list, out.Parameters...)
				}
			}
		}
		slices.SortFunc(list, func(a, b types.ParameterMetadata) int {
			return cmp.Compare(aws.ToString(a.Name), aws.ToString(b.Name))
		})
		if err != nil {
			return list, fmt.Errorf("describing parameters %s: %w", p.Resource().ID, err)
		}
		return list, nil
	})
}

// maxNames is how many values one filter takes ("ParameterStringFilter", AWS Systems Manager API Reference).
const maxNames = 50

// filters select the parameters, one for each series of calls.
func (p *Parameters) filters() []types.ParameterStringFilter {
	if p.name == "" {
		return []types.ParameterStringFilter{{
			Key: aws.String("Path"), Option: aws.String("Recursive"), Values: []string{cmp.Or(p.path, "/")},
		}}
	}
	var filters []types.ParameterStringFilter
	for names := range slices.Chunk(p.own(), maxNames) {
		filters = append(filters, types.ParameterStringFilter{
			Key: aws.String("Name"), Option: aws.String("Equals"), Values: names,
		})
	}
	return filters
}

// own returns the names that the parameters were made of, none for a path.
func (p *Parameters) own() []string {
	switch {
	case p.names != nil:
		return p.names
	case p.name != "":
		return []string{p.name}
	}
	return nil
}

// relative returns a name without the path, by which parameters of two paths are compared.
func (p *Parameters) relative(name string) string {
	if p.name != "" {
		return ""
	}
	return strings.TrimPrefix(name, p.path+"/")
}

// resourceOf names one of the parameters.
func resourceOf(m types.ParameterMetadata) diag.Resource {
	return diag.ResourceOf(typeParameter, aws.ToString(m.Name), aws.ToString(m.ARN))
}
