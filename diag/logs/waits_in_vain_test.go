package logs_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/logs"
	"github.com/awsdiag/awsdiag/diag/logs/logsfake"
)

// waits are n lines, ten seconds apart, of streams that began so many minutes ago.
func waits(line string, n int, starts ...int) []logsfake.Event {
	var all []logsfake.Event
	for i, start := range starts {
		for k := range n {
			e := minutes(line, start)[0]
			e.At = e.At.Add(time.Duration(k) * 10 * time.Second)
			e.Stream = fmt.Sprintf("api/api/%032d", i)
			all = append(all, e)
		}
	}
	return all
}

// after adds a line to each stream, some seconds after its first one.
func after(seconds int, line string, starts ...int) []logsfake.Event {
	all := waits(line, 1, starts...)
	for i := range all {
		all[i].At = all[i].At.Add(time.Duration(seconds) * time.Second)
	}
	return all
}

// TestWaitsInVain tells programs that never get there from those that wait a while, for work, or for their turn.
func TestWaitsInVain(t *testing.T) {
	const lock = "2026-02-11 13:51:00.120  INFO 1 --- [main] liquibase.lockservice : Waiting for changelog lock...."
	tests := []struct {
		name string
		made []logsfake.Event
		want int
	}{
		{"lock left behind", waits(lock, 6, 30, 20, 10), 1},
		{"a start script", waits("Postgres is unavailable - sleeping", 6, 30, 20), 1},
		{"wait-for-it", waits("wait-for-it.sh: waiting 15 seconds for broker:9092", 5, 30, 20), 1},
		{"ended after a last word", slices.Concat(waits(lock, 6, 30, 20), after(70, "shutting down", 30, 20)), 1},
		{"one only", waits(lock, 6, 30), 0},
		{"a short while", waits(lock, 3, 30, 20), 0},
		{"got it", slices.Concat(waits(lock, 5, 30, 20), after(50, "lock acquired", 30, 20), after(55, "migrated", 30, 20),
			after(56, "a", 30, 20),
			after(57, "b", 30, 20), after(58, "c", 30, 20), after(59, "d", 30, 20), after(60, "listening", 30, 20)), 0},
		{"waiting for work", waits("waiting for messages from the broker", 8, 30, 20), 0},
		{"waiting for its turn", waits("waiting for the leader lock", 8, 30, 20), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			report := diagtest.Run(t, group(client(tt.made...)), logs.WaitsInVain)
			assert.Len(t, report.Findings, tt.want)
			for _, f := range report.Findings {
				assert.Equal(t, now.Add(-30*time.Minute), f.Since)
			}
		})
	}
}
