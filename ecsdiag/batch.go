package ecsdiag

import (
	"fmt"
	"slices"
	"sync"
)

// inBatches calls f side by side with at most size items each, and returns what all gave in the order of the items, and
// the errors.
func inBatches[In, Out any](items []In, size int, f func([]In) ([]Out, error)) ([]Out, error) {
	batches := slices.Collect(slices.Chunk(items, size))
	outs, errs := make([][]Out, len(batches)), make([]error, len(batches))
	var group sync.WaitGroup
	for i, batch := range batches {
		group.Go(func() { outs[i], errs[i] = f(batch) })
	}
	group.Wait()
	return slices.Concat(outs...), joined(errs...)
}

// joined wraps all errors in one of one line, each text once; nil if there is none.
func joined(errs ...error) error {
	var all error
	seen := map[string]bool{}
	for _, err := range errs {
		if err == nil || seen[err.Error()] {
			continue
		}
		seen[err.Error()] = true
		if all == nil {
			all = err
			continue
		}
		all = fmt.Errorf("%w; %w", all, err)
	}
	return all
}
