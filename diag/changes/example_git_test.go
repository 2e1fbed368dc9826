package changes_test

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/changes"
	"github.com/awsdiag/awsdiag/diag/changes/changesfake"
)

// gitLog tells the commits of a repository as changes of what is deployed from it.
type gitLog struct {
	dir     string
	deploys []diag.Resource
	// run runs git; nil runs the program.
	run func(ctx context.Context, args ...string) ([]byte, error)
}

func (g gitLog) Changes(ctx context.Context, window diag.Window) ([]changes.Change, error) {
	run := g.run
	if run == nil {
		run = func(ctx context.Context, args ...string) ([]byte, error) {
			return exec.CommandContext(ctx, "git", append([]string{"-C", g.dir}, args...)...).Output()
		}
	}
	out, err := run(ctx, "log", "--format=%h%x09%cI%x09%an%x09%s", "--since="+window.Start.Format(time.RFC3339),
		"--until="+window.End.Format(time.RFC3339))
	if err != nil {
		return nil, fmt.Errorf("reading the log of %s: %w", g.dir, err)
	}
	var made []changes.Change
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		part := strings.SplitN(line, "\t", 4)
		if len(part) < 4 {
			continue
		}
		at, err := time.Parse(time.RFC3339, part[1])
		if err != nil {
			return made, fmt.Errorf("reading the log of %s: %w", g.dir, err)
		}
		made = append(made, changes.Change{
			At: at.UTC(), Code: changes.Committed, Actor: changes.Actor{Name: part[2]}, EventSource: "git", EventName: "commit",
			EventID:   part[0],
			Resources: g.deploys, Summary: part[2] + " committed " + part[0] + ": " + part[3],
		})
	}
	return made, nil
}

// The history of a repository as a source of changes.
func ExampleSource_git() {
	noon := time.Date(2026, 2, 11, 12, 0, 0, 0, time.UTC)
	service := diag.ResourceOf("AWS::ECS::Service", "prod/api", "")
	repository := gitLog{dir: "api", deploys: []diag.Resource{service},
		run: func(context.Context, ...string) ([]byte, error) {
			return []byte("4f1c2aa\t2026-02-11T12:40:00+01:00\tann\tread prices from the cache\n"), nil
		}}

	trail := changes.NewTrail(&changesfake.Client{}, diag.Last(3*time.Hour, noon), changes.With(repository))
	made, err := trail.Of(context.Background(), service)
	if err != nil {
		fmt.Println(err)
	}
	for _, c := range made {
		fmt.Println(c.At.Format(time.TimeOnly), c.Summary)
	}
	// Output:
	// 11:40:00 ann committed 4f1c2aa: read prices from the cache
}
