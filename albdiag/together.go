package albdiag

import (
	"errors"
	"sync"

	"github.com/awsdiag/awsdiag/diag"
)

// together runs do for 0 to n-1 side by side and joins the errors. A panic becomes an error: here the driver, which
// catches those of checks, does not see it.
func together(n int, do func(i int) error) error {
	errs := make([]error, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					errs[i] = diag.Errorf(diag.KindPanic, "panic: %v", p)
				}
			}()
			errs[i] = do(i)
		})
	}
	group.Wait()
	return errors.Join(errs...)
}
