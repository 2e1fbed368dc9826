//go:build race

package logs

// underRace says that the race detector is on: sync.Pool then drops what it holds at random, and what uses one, such as
// package regexp, allocates.
const underRace = true
