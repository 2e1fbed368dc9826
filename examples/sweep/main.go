// Sweep diagnoses everything of a kind in accounts: all ECS services of all clusters, all load balancers, all instances
// or all databases, and prints a line for each that has something wrong.
//
// Without flags it sweeps the services of an account that it makes up, in which one is broken:
//
//	go run ./examples/sweep
//
// On saved worlds, of which several may be given; each is an account and region:
//
//	go run ./examples/sweep -world worlds/a,worlds/b -now 2026-02-11T14:37:21Z -kind load-balancers
//
// -limit stops after so many resources and prints a cursor, with which -cursor goes on. The exit status is 0 if nothing
// is wrong, 1 if a finding is a warning or an error, 2 if there is none but something could not be seen, and 3 if the
// question could not be asked.
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
