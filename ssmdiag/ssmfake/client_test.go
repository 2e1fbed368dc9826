package ssmfake_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

const id = "i-0123456789abcdef0"

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return fmt.Sprint(err)
}

func TestErrorsAreAWSs(t *testing.T) {
	c := &ssmfake.Client{Nodes: []types.InstanceInformation{ssmfake.Node(id)}}
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprintf("i-%017x", i)
	}
	send := func(in *ssm.SendCommandInput) error {
		in.DocumentName = aws.String("AWS-RunShellScript")
		if in.Parameters == nil {
			in.Parameters = map[string][]string{"commands": {"df"}}
		}
		_, err := c.SendCommand(t.Context(), in)
		return err
	}
	describe := func(in *ssm.DescribeInstanceInformationInput) error {
		_, err := c.DescribeInstanceInformation(t.Context(), in)
		return err
	}
	filter := func(key string, values ...string) *ssm.DescribeInstanceInformationInput {
		return &ssm.DescribeInstanceInformationInput{
			Filters: []types.InstanceInformationStringFilter{{Key: aws.String(key), Values: values}},
		}
	}
	tests := []struct {
		name string
		err  error
		want string
	}{
		{
			"page too large",
			describe(&ssm.DescribeInstanceInformationInput{MaxResults: aws.Int32(51)}),
			"ValidationException",
		},
		{"no such filter", describe(filter("Colour", "red")), "InvalidFilterKey"},
		{"no node id", describe(filter("InstanceIds", "web")), "InvalidInstanceInformationFilterValue"},
		{
			"wrong token",
			describe(&ssm.DescribeInstanceInformationInput{NextToken: aws.String("x")}),
			"InvalidNextToken",
		},
		{"51 nodes", send(&ssm.SendCommandInput{InstanceIds: many}), "ValidationException"},
		{"a node twice", send(&ssm.SendCommandInput{InstanceIds: []string{id, id}}), "DuplicateInstanceId"},
		{"unknown node", send(&ssm.SendCommandInput{InstanceIds: many[:1]}), "InvalidInstanceId"},
		{"nobody", send(&ssm.SendCommandInput{}), "ValidationException"},
		{
			"short timeout",
			send(&ssm.SendCommandInput{InstanceIds: []string{id}, TimeoutSeconds: aws.Int32(29)}),
			"ValidationException",
		},
		{
			"a reference",
			send(
				&ssm.SendCommandInput{
					InstanceIds: []string{id},
					Parameters:  map[string][]string{"commands": {"{{ssm:x}}"}},
				},
			),
			"InvalidParameters",
		},
	}
	_, err := c.GetDocument(t.Context(), &ssm.GetDocumentInput{Name: aws.String("none")})
	assert.Equal(t, "InvalidDocument", code(err))
	_, err = c.GetServiceSetting(t.Context(), &ssm.GetServiceSettingInput{SettingId: aws.String("/none")})
	assert.Equal(t, "ServiceSettingNotFound", code(err))
	_, err = c.GetParameterHistory(t.Context(), &ssm.GetParameterHistoryInput{Name: aws.String("/none")})
	assert.Equal(t, "ParameterNotFound", code(err))
	_, err = c.GetCommandInvocation(
		t.Context(),
		&ssm.GetCommandInvocationInput{CommandId: aws.String("x"), InstanceId: aws.String(id)},
	)
	assert.Equal(t, "InvocationDoesNotExist", code(err))
	_, err = c.ListCommandInvocations(t.Context(), &ssm.ListCommandInvocationsInput{CommandId: aws.String("x")})
	assert.Equal(t, "InvalidCommandId", code(err))
	_, err = c.GetParameters(t.Context(), &ssm.GetParametersInput{Names: many[:11]})
	assert.Equal(t, "ValidationException", code(err))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, code(tt.err)) })
	}
}

func TestWhatDoesNotExistIsAnEmptyAnswer(t *testing.T) {
	c := new(ssmfake.Client)
	nodes, err := c.DescribeInstanceInformation(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, nodes.InstanceInformationList)
	connection, err := c.GetConnectionStatus(t.Context(), &ssm.GetConnectionStatusInput{Target: aws.String(id)})
	require.NoError(t, err)
	assert.Equal(t, types.ConnectionStatusNotConnected, connection.Status)
	parameters, err := c.GetParameters(t.Context(), &ssm.GetParametersInput{Names: []string{"/none"}})
	require.NoError(t, err)
	assert.Equal(t, []string{"/none"}, parameters.InvalidParameters)
}

func TestMergeKnowsItsAnswersOnly(t *testing.T) {
	c := new(ssmfake.Client)
	node := &ssm.DescribeInstanceInformationOutput{
		InstanceInformationList: []types.InstanceInformation{ssmfake.Node(id)},
	}
	for range 2 {
		assert.True(t, c.Merge(new(ssm.DescribeInstanceInformationInput), node))
		assert.True(
			t,
			c.Merge(
				nil,
				&ssm.GetConnectionStatusOutput{Target: aws.String(id), Status: types.ConnectionStatusNotConnected},
			),
		)
		assert.True(
			t,
			c.Merge(nil, &ssm.GetCommandInvocationOutput{CommandId: aws.String("c"), InstanceId: aws.String(id),
				Status: types.CommandInvocationStatusFailed, ResponseCode: 2, StandardOutputContent: aws.String("text")}),
		)
	}
	assert.Len(t, c.Nodes, 1)
	list, err := c.ListCommandInvocations(t.Context(), &ssm.ListCommandInvocationsInput{CommandId: aws.String("c")})
	require.NoError(t, err)
	require.Len(t, list.CommandInvocations, 1)
	out, err := c.GetCommandInvocation(
		t.Context(),
		&ssm.GetCommandInvocationInput{CommandId: aws.String("c"), InstanceId: aws.String(id)},
	)
	require.NoError(t, err)
	assert.Equal(t, "text", aws.ToString(out.StandardOutputContent))
	assert.Equal(t, types.CommandInvocationStatusFailed, out.Status)
	assert.False(t, c.Merge(nil, new(ssm.ListDocumentsOutput)))
}
