package diag

import "context"

// Cause returns why a context ended, nil if it has not: an error of the kind that its cause has, such as [KindBudget],
// and of [KindCanceled] where the cause is somebody's own.
func Cause(ctx context.Context) error {
	err := context.Cause(ctx)
	if err != nil && KindOf(err) == KindOther {
		return Errorf(KindCanceled, "%w", err)
	}
	return err
}
