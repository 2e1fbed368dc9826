package main

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagfake"
	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/ecsdiag"
	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
)

// world makes one service with tags.
func world(tags ...types.Tag) diagtest.World[*ecsdiag.Service] {
	return func() (*ecsdiag.Service, []diagfake.Fake) {
		service := ecsfake.Service("prod", "api")
		service.Tags = tags
		client := &ecsfake.Client{Services: []types.Service{service}}
		return ecsdiag.NewService(client, "prod", "api", diag.Last(time.Hour, ecsfake.Now)), []diagfake.Fake{client}
	}
}

// TestNoOwnerTag proves that the check keeps the contract of checks.
func TestNoOwnerTag(t *testing.T) {
	diagtest.Conform(t, NoOwnerTag, diagtest.Worlds[*ecsdiag.Service]{
		Healthy: world(types.Tag{Key: aws.String("owner"), Value: aws.String("team-a")}),
		Broken:  world(types.Tag{Key: aws.String("cost"), Value: aws.String("7")}),
	})
}
