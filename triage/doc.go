// Package triage is the roof: a symptom in, a diagnosis out.
//
// [Investigate] starts from the resource that somebody complains about, runs the checks that fit it, follows its links
// to what it depends on, over all services, and goes on until nothing new is in reach or the budget ends:
//
//	scope, err := triage.NewScope(ctx, cfg)
//	report, err := triage.Investigate(ctx, []triage.Scope{scope}, triage.Symptom{
//		Kind:   triage.HTTP503,
//		Target: "shop-prod-alb",
//		Since:  noticed,
//	}, triage.Options{})
//	for _, cause := range report.Roots() {
//		fmt.Println(cause.Resource, cause.Summary)
//	}
//
// Resources are worked on side by side, so that an investigation takes as long as the depth of what depends on what,
// not as the number of calls.
//
// A [Catalogue] tells how to examine a resource of a type; a caller adds types and house checks of its own. A [Scope]
// is an account and a region with its clients, real ones or those of a fake account from package triagefake. A [Scene]
// holds the subjects of a scope during a walk. The bridges between packages that do not know each other, such as from a
// target group to the ECS service behind it, are here.
package triage
