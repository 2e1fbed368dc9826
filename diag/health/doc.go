// Package health reads AWS Health: what AWS itself says is wrong with its services, in one region and in those that are
// global.
//
//	seen := health.NewEvents(healthClient, "eu-west-1", window)
//	report := diag.Run(ctx, diag.On(seen, health.EventChecks()...))
//
// An issue that AWS reports is no finding about the account by itself: most issues touch a few customers of many. So
// the findings here are of severity info and marked as changes ([diag.Info].Change): the driver puts one above what
// broke after it began on a resource that it names, or on one that a link leads from to the service.
//
// # Limits
//
// AWS Health answers accounts with a Business, Enterprise On-Ramp or Enterprise Support plan only ("Accessing the AWS
// Health API", AWS Health User Guide); others get SubscriptionRequiredException. That is told as an info, and is no
// error. Its client must be made for us-east-1. AWS tells of an issue when it has confirmed it, often half an hour
// after it began.
package health
