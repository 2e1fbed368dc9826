package ssmdiag_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ssmdiag"
	"github.com/awsdiag/awsdiag/ssmdiag/ssmfake"
)

func TestNewManagedNodeByARN(t *testing.T) {
	for id, want := range map[string]diag.Resource{
		"i-0123456789abcdef0": {Type: "AWS::EC2::Instance", ID: "i-0123456789abcdef0"},
		"arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0": {Type: "AWS::EC2::Instance",
			ID: "i-0123456789abcdef0"},
		"arn:aws:ssm:eu-west-1:111122223333:managed-instance/mi-0123456789abcdef0": {Type: "AWS::SSM::ManagedInstance",
			ID: "mi-0123456789abcdef0"},
	} {
		assert.Equal(t, want, ssmdiag.NewManagedNode(&ssmfake.Client{}, id, diag.Last(time.Hour, time.Unix(0, 0))).Resource())
	}
}
