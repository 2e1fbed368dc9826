package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/ecsdiag/ecsfake"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

// open loads saved worlds, or makes an account up.
func open(folders, now string) ([]triage.Scope, time.Time, error) {
	if folders == "" {
		return []triage.Scope{demo().Scope()}, ecsfake.Now, nil
	}
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		return nil, at,
			fmt.Errorf("-now %q: saved worlds need the time at which they were saved, such as 2026-02-11T14:05:00Z",
				now)
	}
	var scopes []triage.Scope
	for folder := range strings.SplitSeq(folders, ",") {
		inner := filepath.Join(folder, "world")
		if info, err := os.Stat(inner); err == nil && info.IsDir() {
			folder = inner
		}
		account, err := triagefake.Load(os.DirFS(folder))
		if err != nil {
			return nil, at, fmt.Errorf("-world %q: %w", folder, err)
		}
		scopes = append(scopes, account.Scope())
	}
	return scopes, at, nil
}

// demo is an account with two clusters of ten services. The tasks of one are killed for memory.
func demo() *triagefake.Account {
	a := &triagefake.Account{ID: "111122223333", Region: "eu-west-1"}
	for _, cluster := range []string{"prod", "uat"} {
		a.ECS.Clusters = append(a.ECS.Clusters, ecsfake.Cluster(cluster))
		for i := range 10 {
			name := fmt.Sprintf("%s-%02d", cluster, i)
			a.ECS.Services = append(a.ECS.Services, ecsfake.Service(cluster, name))
			a.ECS.TaskDefinitions = append(a.ECS.TaskDefinitions, ecsfake.TaskDefinition(name, 7))
			a.ECS.Tasks = append(a.ECS.Tasks, ecsfake.Task(cluster, name, name+"a"), ecsfake.Task(cluster, name,
				name+"b"))
		}
	}
	for i, ago := range []time.Duration{5 * time.Minute, 20 * time.Minute, 35 * time.Minute} {
		a.ECS.Tasks = append(a.ECS.Tasks, killed(fmt.Sprintf("killed%d", i), ecsfake.Now.Add(-ago)))
	}
	return a
}

func killed(id string, at time.Time) types.Task {
	t := ecsfake.Exited(ecsfake.Task("prod", "prod-04", id), at, 137,
		"OutOfMemoryError: Container killed due to memory usage")
	t.StartedAt = aws.Time(at.Add(-10 * time.Minute))
	return t
}
