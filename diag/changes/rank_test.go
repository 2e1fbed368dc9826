package changes_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
)

func TestRank(t *testing.T) {
	service := diag.ResourceOf("AWS::ECS::Service", "prod/api", "")
	group := diag.ResourceOf("AWS::EC2::SecurityGroup", "sg-1", "")
	elsewhere := diag.ResourceOf("AWS::EC2::SecurityGroup", "sg-9", "")
	change := func(id string, minutes int, code diag.Code, r diag.Resource) changes.Change {
		return changes.Change{EventID: id, At: now.Add(time.Duration(minutes) * time.Minute), Code: code,
			Resources: []diag.Resource{r}}
	}
	const removed, updated = "changes.security-group-rule-removed", "changes.service-updated"
	all := []changes.Change{
		change("after", 6, removed, service),
		change("unlinked, close", -1, removed, elsewhere),
		change("linked, hours ago", -120, removed, service),
		change("linked, close, alters", -2, updated, service),
		change("linked, close, takes", -9, removed, group),
		change("a little after", 4, updated, group),
		{EventID: "undated", Resources: []diag.Resource{service}},
	}
	var got []string
	ranked := changes.Rank(all, now, service, group)
	for _, r := range ranked {
		got = append(got, r.EventID)
	}
	assert.Equal(t, []string{"linked, close, takes", "linked, close, alters", "a little after", "linked, hours ago",
		"unlinked, close"}, got)
	assert.Equal(t, 9*time.Minute, ranked[0].Before)
	assert.Equal(t, -4*time.Minute, ranked[2].Before)
	assert.True(t, ranked[0].Linked)
	assert.Equal(t, 1, ranked[0].Near)
	assert.False(t, ranked[4].Linked)
	slices.Reverse(all)
	assert.Equal(t, ranked, changes.Rank(all, now, service, group), "whatever the order they came in")
}

func TestTouches(t *testing.T) {
	const arn = "arn:aws:ecs:eu-west-1:111122223333:service/prod/api"
	c := changes.Change{Resources: []diag.Resource{
		diag.ResourceOf("AWS::ECS::Service", "prod/api", "").In("111122223333", "eu-west-1"),
		diag.ResourceOf("AWS::IAM::Role", "task", "arn:aws:iam::111122223333:role/ecs/task"),
	}}
	for _, tt := range []struct {
		name string
		r    diag.Resource
		want bool
	}{
		{"type and id", diag.ResourceOf("AWS::ECS::Service", "prod/api", ""), true},
		{"with an ARN", diag.ResourceOf("AWS::ECS::Service", "prod/api", arn), true},
		{"another region", diag.ResourceOf("AWS::ECS::Service", "prod/api", "").In("", "us-east-1"), false},
		{"another account", diag.ResourceOf("AWS::ECS::Service", "prod/api", "").In("444455556666", ""), false},
		{"another type", diag.ResourceOf("AWS::ECS::Cluster", "prod/api", ""), false},
		{"ARN alone", diag.Resource{ARN: "arn:aws:iam::111122223333:role/ecs/task"}, true},
		{"a global thing placed by its run", diag.ResourceOf("AWS::IAM::Role", "task", "").In("111122223333", "eu-west-1"),
			true},
		{"nothing", diag.Resource{}, false},
		{"type without id", diag.Resource{Type: "AWS::ECS::Service"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, c.Touches(tt.r)) })
	}
}
