package ssmfake

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Parameter returns a parameter of the standard tier at version 1 that was set a week before [Now].
func Parameter(name string, kind types.ParameterType) types.ParameterMetadata {
	p := types.ParameterMetadata{
		Name: aws.String(
			name,
		), ARN: aws.String("arn:aws:ssm:eu-west-1:111122223333:parameter/" + strings.TrimPrefix(name, "/")),
		Type: kind, Tier: types.ParameterTierStandard, Version: 1, DataType: aws.String("text"),
		LastModifiedDate: aws.Time(Now.Add(-7 * 24 * time.Hour)),
		LastModifiedUser: aws.String("arn:aws:iam::111122223333:user/release"),
	}
	if kind == types.ParameterTypeSecureString {
		p.KeyId = aws.String("alias/aws/ssm")
	}
	return p
}

// limits of the API (API reference, GetParameters, GetParametersByPath).
const (
	maxNames     = 10
	maxValuePage = 10
)

func (c *Client) describeParameters(in *ssm.DescribeParametersInput) (*ssm.DescribeParametersOutput, error) {
	limit := maxPage
	if in.MaxResults != nil {
		if limit = int(*in.MaxResults); limit < 1 || limit > maxPage {
			return nil, diagfake.APIError(
				"ValidationException",
				fmt.Sprintf("maxResults %d is not in [1, %d]", limit, maxPage),
			)
		}
	}
	list := c.Parameters
	for _, f := range in.ParameterFilters {
		keep, err := parameterFilter(f)
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(
			slices.Clone(list),
			func(p types.ParameterMetadata) bool { return !keep(aws.ToString(p.Name)) },
		)
	}
	page, next, err := diagfake.Page(&c.Recorder, "ssm:DescribeParameters", list, in.NextToken, limit)
	return &ssm.DescribeParametersOutput{Parameters: page, NextToken: next}, err
}

func parameterFilter(f types.ParameterStringFilter) (func(string) bool, error) {
	key, option := aws.ToString(f.Key), aws.ToString(f.Option)
	switch {
	case key == "Name" && option == "Equals":
		return func(name string) bool { return slices.Contains(f.Values, name) }, nil
	case key == "Path" && option == "Recursive" && len(f.Values) == 1 && strings.HasPrefix(f.Values[0], "/"):
		return func(name string) bool { return below(name, f.Values[0]) }, nil
	}
	return nil, diagfake.APIError(
		"InvalidFilterOption",
		fmt.Sprintf("the fake knows no filter %s %s %v", key, option, f.Values),
	)
}

func below(name, path string) bool { return strings.HasPrefix(name, strings.TrimSuffix(path, "/")+"/") }

func (c *Client) parameter(name string) (types.ParameterMetadata, bool) {
	i := slices.IndexFunc(c.Parameters, func(p types.ParameterMetadata) bool { return aws.ToString(p.Name) == name })
	if i < 0 {
		return types.ParameterMetadata{}, false
	}
	return c.Parameters[i], true
}

func (c *Client) valueOf(m types.ParameterMetadata, decrypt *bool) types.Parameter {
	value := c.Values[aws.ToString(m.Name)]
	if m.Type == types.ParameterTypeSecureString && !aws.ToBool(decrypt) {
		value = "AQICAHjCIPHERTEXTEXAMPLE" + fmt.Sprint(len(c.Calls())) // not the same twice
	}
	return types.Parameter{Name: m.Name, ARN: m.ARN, Type: m.Type, Version: m.Version, DataType: m.DataType,
		LastModifiedDate: m.LastModifiedDate, Value: aws.String(value)}
}

func (c *Client) getParameters(in *ssm.GetParametersInput) (*ssm.GetParametersOutput, error) {
	if len(in.Names) == 0 || len(in.Names) > maxNames {
		return nil, diagfake.APIError("ValidationException", "names must hold 1 to 10 items")
	}
	out := new(ssm.GetParametersOutput)
	for _, name := range in.Names {
		if m, ok := c.parameter(name); ok {
			out.Parameters = append(out.Parameters, c.valueOf(m, in.WithDecryption))
		} else {
			out.InvalidParameters = append(out.InvalidParameters, name)
		}
	}
	return out, nil
}

func (c *Client) getParametersByPath(in *ssm.GetParametersByPathInput) (*ssm.GetParametersByPathOutput, error) {
	path := aws.ToString(in.Path)
	if !strings.HasPrefix(path, "/") {
		return nil, diagfake.APIError(
			"ValidationException",
			"The parameter doesn't meet the parameter name requirements.",
		)
	}
	var list []types.Parameter
	for _, m := range c.Parameters {
		name := aws.ToString(m.Name)
		deep := strings.Contains(strings.TrimPrefix(name, strings.TrimSuffix(path, "/")+"/"), "/")
		if below(name, path) && (aws.ToBool(in.Recursive) || !deep) {
			list = append(list, c.valueOf(m, in.WithDecryption))
		}
	}
	page, next, err := diagfake.Page(&c.Recorder, "ssm:GetParametersByPath", list, in.NextToken, maxValuePage)
	return &ssm.GetParametersByPathOutput{Parameters: page, NextToken: next}, err
}

func (c *Client) getParameterHistory(in *ssm.GetParameterHistoryInput) (*ssm.GetParameterHistoryOutput, error) {
	m, ok := c.parameter(aws.ToString(in.Name))
	if !ok {
		return nil, diagfake.APIError("ParameterNotFound", "")
	}
	list, ok := c.History[aws.ToString(in.Name)]
	if !ok {
		v := c.valueOf(m, in.WithDecryption)
		list = []types.ParameterHistory{{Name: m.Name, Type: m.Type, Version: m.Version, Tier: m.Tier,
			LastModifiedDate: m.LastModifiedDate, LastModifiedUser: m.LastModifiedUser, Value: v.Value}}
	}
	page, next, err := diagfake.Page(&c.Recorder, "ssm:GetParameterHistory", list, in.NextToken, maxPage)
	return &ssm.GetParameterHistoryOutput{Parameters: page, NextToken: next}, err
}
