// Escalate writes a request for help with the seven things that whoever is asked would ask for, or an incident report.
//
// Without flags it does so for an account that it makes up, in which a service is broken:
//
//	go run ./examples/escalate
//	go run ./examples/escalate -incident
//
// On a saved world, and with an alert in place of a symptom and a target:
//
//	go run ./examples/escalate -world worlds/inc-4711 -now 2026-02-11T14:37:21Z \
//		-notice "503 from app/web/50dc6c495c0c9188"
//
// The exit status is 0 if it was written, and 3 if the question could not be asked.
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
