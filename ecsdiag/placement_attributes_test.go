package ecsdiag

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

func TestPlacementTellsTheAttribute(t *testing.T) {
	older := func(c *ecsfake.Client) {
		c.TaskDefinitions[0].PlacementConstraints = []types.TaskDefinitionPlacementConstraint{{
			Type: types.TaskDefinitionPlacementConstraintTypeMemberOf, Expression: aws.String(
				"attribute:ecs.os-family == WINDOWS_SERVER_2022_CORE")}}
		c.ContainerInstances[0].Attributes = []types.Attribute{{Name: aws.String("ecs.os-family"),
			Value: aws.String("WINDOWS_SERVER_2019_CORE")}}
	}
	text := "(service api) was unable to place a task because no container instance met all of its requirements. The " +
		"closest matching (container-instance c1) is missing an attribute required by your task."
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(onBridge(512, 0), older, says(text))), ServiceChecks()...),
		"ecs.placement-attribute-missing")
	const why = "attribute ecs.os-family is WINDOWS_SERVER_2019_CORE, not WINDOWS_SERVER_2022_CORE"
	assert.Contains(t, f.Summary, "("+why+", on each of 1 active instances)")
	assert.Contains(t, f.Evidence, diag.Evidence{Source: "ecs:DescribeContainerInstances", Field: "containerInstances[c1]",
		Value: why})
}

func TestConstraintClauses(t *testing.T) {
	for expression, want := range map[string][]attributeAsked{
		"attribute:stack == prod":                                 {{"stack", []string{"prod"}}},
		"attribute:stack in [prod, canary]":                       {{"stack", []string{"prod", "canary"}}},
		"attribute:gpu exists":                                    {{"gpu", nil}},
		"attribute:a equals 1 and attribute:ecs.os-type == linux": {{"a", []string{"1"}}, {"ecs.os-type", []string{"linux"}}},
		"attribute:stack != prod":                                 nil,
		"attribute:stack == a or attribute:stack == b":            nil,
		"attribute:ecs.instance-type =~ g4dn.*":                   nil,
		"task:group == service:web":                               nil,
		"":                                                        nil,
	} {
		assert.Equal(t, want, constraintClauses(expression), expression)
	}
}

func TestENIWithoutAddressesNamesAllSubnets(t *testing.T) {
	failing := func(c *ecsfake.Client) {
		for i, subnet := range []string{"subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"} {
			c.Tasks = append(c.Tasks, stopped(subnet, ago(time.Duration(9-i)*time.Minute), types.TaskStopCodeTaskFailedToStart,
				"Unexpected EC2 error while attempting to Create Network Interface in subnet '"+subnet+
					"': InsufficientFreeAddressesInSubnet"))
		}
	}
	f := diagtest.Only(t, diagtest.Run(t, serviceOf(edited(failing)), ServiceChecks()...), "ecs.task-eni-no-addresses")
	assert.Contains(t, f.Summary, "cannot start: subnet-0bbbbbbbbbbbbbbbb has no free address (nor has "+
		"subnet-0aaaaaaaaaaaaaaaa)")
}
