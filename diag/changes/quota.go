package changes

import (
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Limits of the service ("Quotas in AWS CloudTrail", AWS CloudTrail User Guide, and "LookupEvents", AWS CloudTrail API
// Reference), and how much of them a sweep takes.
const (
	// lookupRate is how many LookupEvents an account may call in a second and region. The quota cannot be raised.
	lookupRate = 2
	// lookupPace is the time between two calls.
	lookupPace = time.Second / lookupRate
	// pageLimit is the most events of a page.
	pageLimit = 50
	// retention is how long the event history goes back.
	retention = 90 * 24 * time.Hour

	// DefaultMaxPages is how many pages a sweep reads unless [WithMaxPages] says otherwise: 1,500 events in fifteen
	// seconds, the newest first.
	DefaultMaxPages = 30
)

// NewPacer returns a pacer that keeps LookupEvents to the account's quota.
func NewPacer() *diag.Pacer { return &diag.Pacer{Every: lookupPace} }
