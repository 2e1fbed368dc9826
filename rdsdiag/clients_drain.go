package rdsdiag

import (
	"context"
	"errors"
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// ClientsDrain reports that credits are spent because a client was released or scaled out shortly before they began to
// fall.
var ClientsDrain = &diag.Check[*Crowd]{
	Info: diag.Info{
		Code: "rds.clients-drain-credits", Title: "A client uses up the credits", Severity: diag.SeverityError,
		Confidence: diag.Likely,
		Doc: "Credits for processor or storage began to fall right after a client of the database was deployed or got " +
			"more tasks, and are spent now. What came with it asks more of the database: a new query, a lost index, more " +
			"requests.",
		Actions: CPUHigh.Actions, Breaks: []diag.Mechanism{diag.Application},
		Limits: "That the two happened together is all that can be seen. Clients without an endpoint in their environment " +
			"are not known.",
		Source: metricsDoc,
	},
	Run: func(ctx context.Context, c *Crowd) ([]diag.Finding, error) {
		var errs []error
		for _, check := range slices.Concat([]*diag.Check[*DBInstance]{BurstBalanceEmpty, CPUCreditsExhausted},
			EBSBalances()) {
			spent, err := check.Run(ctx, c.DBInstance)
			errs = append(errs, err)
			if len(spent) == 0 || spent[0].LeadUp.IsZero() || spent[0].Severity < diag.SeverityWarning {
				continue
			}
			changes, err := c.changes(ctx)
			errs = append(errs, err)
			if fit := fitting(changes, spent[0].LeadUp); len(fit) > 0 {
				return []diag.Finding{c.finding(spent[0], fit, "the credits of "+c.ref.id+" began to fall",
						"Take the change back, or find the statements that it brought: by Performance Insights, or in the release.")},
					errors.Join(errs...)
			}
		}
		return nil, errors.Join(errs...)
	},
}
