package logs

import (
	"time"

	"github.com/awsdiag/awsdiag/diag"
)

// Limits of the service ("CloudWatch Logs quotas" of the user guide and the API reference of each operation), and how
// much of them this package takes.
const (
	// pageLimit is the most events in a page of FilterLogEvents and GetLogEvents. A page is also held to 1 MB.
	pageLimit = 10_000
	// filterRate is how many FilterLogEvents an account may call in a second and Region. The quota cannot be raised
	// ("How do I determine throttling in my CloudWatch logs?", AWS Knowledge Center).
	filterRate = 5
	// filterBurst is how many calls go out at once before they are paced.
	filterBurst = 4
	// filterPace is the time between calls after the burst: half of the quota, as others read logs too.
	filterPace = 2 * time.Second / filterRate
	// patternLimit is the length of a filter pattern ("FilterLogEvents", filterPattern).
	patternLimit = 1024
	// namesLimit is how many streams one FilterLogEvents can name ("FilterLogEvents", logStreamNames).
	namesLimit = 100

	// DefaultMaxCalls is how many FilterLogEvents a Group makes to read its window, unless [WithMaxCalls] says
	// otherwise: half of them plain and newest first, the rest with a filter pattern. At 1 MB a page it reads some
	// 10 MB of plain text.
	DefaultMaxCalls = 20
	// DefaultMaxEvents is how many events a Group keeps in memory, unless [WithMaxEvents] says otherwise.
	DefaultMaxEvents = 100_000
)

// NewPacer returns a pacer that keeps FilterLogEvents to half of the account's quota.
func NewPacer() *diag.Pacer { return &diag.Pacer{Every: filterPace, Burst: filterBurst} }
