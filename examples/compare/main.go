// Compare tells in what two worlds differ: production and staging, or one account before and after.
//
// Without flags it compares two environments that it makes up, of which the second one is broken:
//
//	go run ./examples/compare
//
// On saved worlds, each with the resource to start from and the time at which it was saved:
//
//	go run ./examples/compare -a worlds/prod -target-a prod/api -now-a 2026-02-11T14:37:21Z \
//		-b worlds/uat -target-b uat/api -now-b 2026-02-11T14:40:00Z
//
// With -verify it says instead which findings of the first are gone in the second, a later one. The exit status is 0 if
// nothing differs or all is fixed, 1 if something does or is not, 2 if it could not be told because something was not
// seen, and 3 if the question could not be asked.
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
