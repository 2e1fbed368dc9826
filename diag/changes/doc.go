// Package changes tells who changed what before something broke. It reads CloudTrail's event history, leaves out what
// is no change, and says in plain words what each change did to which resource:
//
//	trail := changes.NewTrail(cloudtrailClient, window)
//	made, err := trail.Of(ctx, securityGroup)
//	for _, c := range made {
//		fmt.Println(c.At, c.Summary)
//		// omar.h removed an ingress rule (tcp 5000 from sg-0c46…) from security group sg-0a7e…
//	}
//
// A [Trail] belongs to one account and region. It reads its window once, in one sweep over all write events, instead of
// one lookup for each resource: LookupEvents may be called twice a second only, and gives 50 events a page. Whatever is
// asked afterwards costs no call.
//
// # What is a change
//
// [Trail.Sweep] sorts what CloudTrail recorded. Changes are successful calls that altered a resource. Refused calls
// stand apart: they changed nothing, but an AccessDenied tells a story of its own. The rest is folded: services at
// their routine work (ECS registering targets, Auto Scaling replacing instances), sessions being opened, tags. A change
// that a person made through CloudFormation, CodeDeploy or Terraform is not folded.
//
// Changes fall into [Families], such as "security-group-rule-removed". A family says whether it takes something away,
// and which mechanisms it may break. [Findings] makes a finding of each change, of severity info: that something
// changed is no trouble. Whether a change explains a trouble is for who knows the trouble: see [Rank] and
// [Family.Breaks].
//
// # Other sources
//
// A [Source] adds what CloudTrail does not see: commits, deployments by a pipeline, feature flags. A second trail is a
// source too. CloudTrail files events of global services (IAM, Route 53, CloudFront) under us-east-1, so a trail of
// another region needs that one beside it:
//
//	global := changes.NewTrail(cloudtrailInUSEast1, window)
//	trail := changes.NewTrail(cloudtrailClient, window, changes.With(global, gitLog))
//
// # Limits
//
// CloudTrail keeps management events for 90 days; calls on data, such as PutObject, are not among them. An event shows
// up minutes after its call, usually within five and at times after fifteen ("How CloudTrail works", AWS CloudTrail
// User Guide), so that the newest change may be missing. Reads are not swept: a secret that could not be read stands in
// no trail. AWS Health events are left out: they need a Business support plan and a service of their own.
package changes
