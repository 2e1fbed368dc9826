// Investigate says why something on AWS does not work.
//
// Without flags it diagnoses an embedded demo account, whose load balancer answers 503:
//
//	go run ./examples/investigate
//
// On your account it reads, and never changes anything:
//
//	go run ./examples/investigate -region eu-west-1 -reason INC-4711 -symptom http-5xx -target shop-prod-alb
//
// On a saved world, which -record has written or which you have put together from AWS CLI output:
//
//	go run ./examples/investigate -world worlds/inc-4711 -now 2026-02-11T14:37:21Z -symptom http-5xx -target shop-prod-alb
//
// The exit status is 0 if nothing is wrong, 1 if a finding is a warning or an error, 2 if there is none but something
// could not be seen, and 3 if the question could not be asked, with one line on stderr that says why.
package main

import (
	"context"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr, time.Now)
	stop()
	os.Exit(status)
}
