package diag

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestChangedBelow(t *testing.T) {
	parameter := func(id string) Resource {
		return Resource{Type: "AWS::SSM::Parameter", ID: id, Account: "111122223333", Region: "eu-west-1"}
	}
	elsewhere := parameter("/shop/prod/z")
	elsewhere.Region = "eu-west-2"
	changes := map[Resource][]int{parameter("/shop/prod/a"): {2}, parameter("/shop/prod/b/c"): {1},
		parameter("/shop/production"): {3}, elsewhere: {4}, parameter("/shop/prod"): {5}}
	assert.Equal(t, []int{1, 2}, changedBelow(changes, parameter("/shop/prod")))
	assert.Empty(t, changedBelow(changes, parameter("shop")))
	assert.Empty(t, changedBelow(changes, Resource{Type: "x", ID: "/shop/prod"}))
}
