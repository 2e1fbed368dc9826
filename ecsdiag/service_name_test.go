package ecsdiag

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

func TestNewServiceByNameAndARN(t *testing.T) {
	const arn = "arn:aws:ecs:eu-west-1:111122223333:"
	for _, test := range []struct{ cluster, name, want string }{
		{"prod", "api", "prod/api"},
		{arn + "cluster/prod", arn + "service/prod/api", "prod/api"},
		{"", arn + "service/prod/api", "prod/api"},
		{"", "prod/api", "prod/api"},
		{"", "api", "default/api"},
		{"", arn + "service/api", "default/api"},
		{"uat", "prod/api", "uat/api"},
	} {
		s := NewService(&ecsfake.Client{}, test.cluster, test.name, diag.Last(time.Hour, ecsfake.Now))
		assert.Equal(t, test.want, s.Resource().ID, "%q %q", test.cluster, test.name)
	}
}
