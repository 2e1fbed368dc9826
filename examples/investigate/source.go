package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/triage"
	"github.com/awsdiag/awsdiag/triage/triagefake"
)

//go:embed demo/*.json
var demo embed.FS

// demoFlags ask the question of the demo: its load balancer answers 503.
var demoFlags = flags{
	kind: string(triage.HTTP503), target: "ferry-prod-alb", targetType: "AWS::ElasticLoadBalancingV2::LoadBalancer",
	since: "2026-05-14T09:08:00Z", nowText: "2026-05-14T09:42:30Z",
}

// source is where the answers come from: a saved world, the demo, or AWS.
type source struct {
	scope triage.Scope
	hint  string
	close func() error
}

func (q *question) open(ctx context.Context, stderr io.Writer) (*source, error) {
	switch {
	case q.demo():
		files, err := fs.Sub(demo, "demo")
		if err != nil {
			return nil, err
		}
		return q.load(files, stderr, "the demo", "this is the demo account; -world, or -region and -reason, diagnose another")
	case q.world != "":
		folder, err := worldFolder(q.world)
		if err != nil {
			return nil, err
		}
		return q.load(os.DirFS(folder), stderr, q.world, "")
	}
	return q.connect(ctx, stderr)
}

// worldFolder is the folder itself, or the one named world in it, where a description stands beside it.
func worldFolder(name string) (string, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return "", fmt.Errorf("-world %q: no such folder; want the folder of a saved world", name)
	case !info.IsDir():
		return "", fmt.Errorf("-world %q is a file; want the folder that holds it", name)
	}
	inner := filepath.Join(name, "world")
	if info, err := os.Stat(inner); err == nil && info.IsDir() {
		return inner, nil
	}
	return name, nil
}

func (q *question) load(world fs.FS, stderr io.Writer, name, hint string) (*source, error) {
	account, err := triagefake.Load(world)
	if err != nil {
		return nil, fmt.Errorf("-world %q: %w", name, err)
	}
	scope := account.Scope()
	if q.region != "" && scope.Region != "" && q.region != scope.Region {
		return nil, fmt.Errorf("-region %q: the world %q is of %s", q.region, name, scope.Region)
	}
	if others := unasked(account); others != "" {
		fmt.Fprintf(stderr, "investigate: -world %q also holds answers of services that are not asked: %s\n", name, others)
	}
	return &source{scope: scope, hint: hint, close: func() error { return nil }}, nil
}

// unasked names the calls of a world whose service no fake stands for.
func unasked(account *triagefake.Account) string {
	fakes, others := account.Fakes(), []string(nil)
	for action := range account.Unread {
		service, _, _ := strings.Cut(action, ":")
		if _, ok := fakes[service]; !ok && action != "sts:GetCallerIdentity" { // which told the account
			others = append(others, action)
		}
	}
	slices.Sort(others)
	return strings.Join(others, " ")
}

// explain adds what helps where a target was not found.
func (s *source) explain(err error) error {
	if s.hint != "" && diag.KindOf(err) == diag.KindNotFound {
		return fmt.Errorf("%w (%s)", err, s.hint)
	}
	return err
}
