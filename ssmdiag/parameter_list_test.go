package ssmdiag_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

// TestParameterListIsReadInBatches: names of a list are asked for fifty a call, and each that is missing is told.
func TestParameterListIsReadInBatches(t *testing.T) {
	c := &ssmfake.Client{}
	var names []string
	for i := range 60 {
		name := fmt.Sprintf("/shop/p%02d", i)
		names = append(names, name, name)
		if i != 17 {
			c.Parameters = append(c.Parameters, types.ParameterMetadata{Name: aws.String(name)})
		}
	}
	list := ssmdiag.NewParameterList(c, "parameters of prod/api", names, window)
	report := diagtest.Run(t, list, ssmdiag.ParameterChecks()...)
	require.NoError(t, report.Err())
	f := diagtest.Only(t, report, "ssm.parameter-missing")
	assert.Equal(t, "parameter /shop/p17 does not exist", f.Summary)
	assert.Equal(t, "/shop/p17", f.Resource.ID)
	assert.Len(t, c.Calls(), 2)
	none := &ssmfake.Client{}
	diagtest.Want(t, diagtest.Run(t, ssmdiag.NewParameterList(none, "none", nil, window), ssmdiag.ParameterChecks()...))
	assert.Empty(t, none.Calls())
}
