package ec2diag

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ec2diag/ec2fake"
)

func TestNewInstanceByARN(t *testing.T) {
	for id, want := range map[string]string{
		"i-0123456789abcdef0": "i-0123456789abcdef0",
		"arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0": "i-0123456789abcdef0",
	} {
		i := NewInstance(&ec2fake.Client{}, id, diag.Last(time.Hour, time.Unix(0, 0)))
		assert.Equal(t, diag.Resource{Type: "AWS::EC2::Instance", ID: want}, i.Resource())
	}
}
