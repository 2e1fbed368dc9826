package changes

import "github.com/aws/aws-sdk-go-v2/service/cloudtrail"

// lookupAction is the IAM action of the one call that this package makes.
const lookupAction = "cloudtrail:LookupEvents"

// Actions are the IAM actions that a [Trail] calls.
func Actions() []string { return []string{lookupAction} }

// LookupAPI is what a [Trail] needs of CloudTrail.
type LookupAPI interface {
	cloudtrail.LookupEventsAPIClient
}

var _ LookupAPI = (*cloudtrail.Client)(nil)
