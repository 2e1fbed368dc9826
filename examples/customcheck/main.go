// Customcheck diagnoses ECS services with a house check beside the built-in ones: every service must have an owner.
//
// Without flags it looks at a small account that it makes up, in which one service has none:
//
//	go run ./examples/customcheck
//
// On a saved world, and on one service of it instead of all:
//
//	go run ./examples/customcheck -world worlds/inc-4711 -now 2026-02-11T14:37:21Z -service prod/api
//
// The check is in owner.go, the proof that it keeps the contract in owner_test.go: copy both to begin your own. The
// exit status is 0 if nothing is wrong, 1 if a finding is a warning or an error, 2 if there is none but something could
// not be seen, and 3 if the question could not be asked.
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
