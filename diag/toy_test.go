package diag

import (
	"context"
	"fmt"
)

// toy is a subject that does what its test wants.
type toy struct {
	at Resource
}

func (s toy) Resource() Resource { return s.at }

// check makes a check of the toy world; its Info is that of toyInfos.
func check(code Code, run func(context.Context) ([]Finding, error)) *Check[toy] {
	c := &Check[toy]{Info: Info{Code: code, Title: "t", Doc: "d", Severity: SeverityError, Actions: []string{"toy:Read"}}}
	if info := toyInfos[code]; info != nil {
		c.Breaks, c.Needs = info.Breaks, info.Needs
	}
	c.Run = func(ctx context.Context, _ toy) ([]Finding, error) { return run(ctx) }
	return c
}

func finds(code Code, n int, err error) *Check[toy] {
	return check(code, func(context.Context) ([]Finding, error) {
		var f []Finding
		for i := range n {
			f = append(f, Finding{Summary: fmt.Sprint(code, " ", i), Evidence: []Evidence{{Source: "toy:Read", Value: "v"}}})
		}
		return f, err
	})
}

func neighbourhood(links ...Link) *Survey[toy] {
	return &Survey[toy]{Name: "toy.thing", Actions: []string{"toy:List"},
		Links: func(context.Context, toy) ([]Link, error) { return links, nil }}
}
