package changes

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/awsdiag/awsdiag/diag"
)

// call is one event of CloudTrail's history, read ("CloudTrail record contents", AWS CloudTrail User Guide).
type call struct {
	event    types.Event
	record   node
	name     string // "DeleteRoute"
	service  string // "ec2"
	params   node
	response node
	actor    Actor
	at       time.Time
	place    diag.Scope
}

// versionSuffix is what Lambda and CloudFront append to an event's name: UpdateFunctionCode20150331v2,
// UpdateDistribution2020_05_31.
var versionSuffix = regexp.MustCompile(`(?:20\d{6}|20\d\d_\d\d_\d\d)(?:v\d+)?$`)

// readCall reads an event. The record inside may be missing or damaged; what the event itself tells then has to do.
func readCall(e types.Event) *call {
	c := &call{event: e, record: parseNode(aws.ToString(e.CloudTrailEvent))}
	c.name = cmp.Or(c.record.get("eventName").str(), aws.ToString(e.EventName))
	source := cmp.Or(c.record.get("eventSource").str(), aws.ToString(e.EventSource))
	c.service, _, _ = strings.Cut(source, ".")
	c.place = diag.Scope{Account: c.record.get("recipientAccountId").str(), Region: c.record.get("awsRegion").str()}
	c.params = unwrap(c.record.get("requestParameters"), c.name+"Request")
	c.response = unwrap(c.record.get("responseElements"), c.name+"Response")
	c.name = versionSuffix.ReplaceAllString(c.name, "")
	c.actor = actorOf(c.record.get("userIdentity"), aws.ToString(e.Username))
	c.at = aws.ToTime(e.EventTime).UTC()
	if e.EventTime == nil {
		c.at, _ = time.Parse(time.RFC3339, c.record.get("eventTime").str())
	}
	return c
}

// unwrap opens the object that newer EC2 operations put around their members.
func unwrap(n node, wrapper string) node {
	if inner := n.get(wrapper); inner.value != nil {
		return inner
	}
	return n
}

// action is the key of the call in the tables: "ec2:DeleteRoute".
func (c *call) action() string { return c.service + ":" + c.name }

// failure is the error code of a call that was refused, "" for one that succeeded.
func (c *call) failure() string {
	return cmp.Or(c.record.get("errorCode").str(), c.unplaced())
}

// runs reports a call that is to run a task of no service.
func (c *call) runs() bool { return c.action() == "ecs:RunTask" || c.action() == "ecs:StartTask" }

// releases reports a call that is to release something to a service of ECS.
func (c *call) releases() bool {
	return c.action() == "ecs:RegisterTaskDefinition" || c.action() == "ecs:UpdateService"
}

// unplaced is why a call that was taken ran no task, such as RESOURCE:MEMORY ("API failure reasons", Amazon ECS
// developer guide); "" where it ran one.
func (c *call) unplaced() string {
	if !c.runs() || len(c.response.get("tasks").list()) > 0 {
		return ""
	}
	for _, f := range c.response.get("failures").list() {
		if reason := f.get("reason").str(); reason != "" {
			return reason
		}
	}
	return ""
}

// denied reports a call that failed for want of permission. CloudTrail writes the codes of the services, among them
// "AccessDenied", "AccessDeniedException" and "Client.UnauthorizedOperation".
func (c *call) denied() bool {
	return strings.Contains(c.failure(), "AccessDenied") || strings.HasSuffix(c.failure(), "UnauthorizedOperation") ||
		strings.HasSuffix(c.failure(), "AuthorizationError")
}

// change tells the call as a change.
func (c *call) change() Change {
	k := kinds()[c.action()]
	if k == nil {
		k = c.unknown()
	}
	family := k.family
	if c.setsPolicy() {
		family = "resource-policy-changed"
	}
	out := Change{
		At: c.at, Code: code(family), Actor: c.actor, EventName: c.name, EventSource: c.service + ".amazonaws.com",
		EventID:   cmp.Or(aws.ToString(c.event.EventId), c.record.get("eventID").str()),
		Source:    cmp.Or(c.record.get("sourceIPAddress").str(), c.actor.Via),
		UserAgent: c.record.get("userAgent").str(), Details: c.details(), Resources: k.touches(c),
		fromConsole: c.record.get("sessionCredentialFromConsole").str() == "true",
		ErrorCode:   c.failure(), ErrorMessage: c.record.get("errorMessage").str(),
	}
	listed := c.listed()
	if len(out.Resources) == 0 {
		out.Resources, listed = listed, nil
	}
	out.Related = append(c.named(out), related(out, listed)...)
	if k.detail != nil {
		out.detail = k.detail(c)
	}
	out.Nature, out.sets = c.nature(), c.sets()
	for _, s := range out.sets {
		if s.was != "" {
			out.Before = append(out.Before, Detail{s.name, s.was})
		}
	}
	out.Summary = c.summary(out, k.says)
	if k.undo != nil && out.ErrorCode == "" && len(out.Resources) > 0 {
		out.Steps = k.undo(c, out.Resources[0])
	}
	return out
}

// setsPolicy reports that the call set, among other attributes or alone, the policy of a queue or topic
// ("SetQueueAttributes", Amazon SQS API Reference; "SetTopicAttributes", Amazon SNS API Reference).
func (c *call) setsPolicy() bool {
	switch c.action() {
	case "sqs:SetQueueAttributes":
		return c.params.get("attributes", "Policy").value != nil || c.params.get("attributes", "policy").value != nil
	case "sns:SetTopicAttributes":
		return c.params.first("attributeName") == "Policy"
	}
	return false
}

// related are the resources that CloudTrail lists beside those that the change touched.
func related(c Change, listed []diag.Resource) []diag.Related {
	var others []diag.Related
	for _, r := range listed {
		if !c.Touches(r) && !(r.Type == typeService && c.Resources[0].Type == typeService) {
			others = append(others, diag.Related{Resource: r, Role: "named in the event"})
		}
	}
	return others
}

// summary says who did what to what.
func (c *call) summary(made Change, says string) string {
	detail := ""
	if made.detail != "" {
		detail = " (" + made.detail + ")"
	}
	target := "a resource that the event does not name"
	if len(made.Resources) > 0 {
		target = labels(made.Resources)
	}
	said := strings.NewReplacer("{detail}", detail, "{target}", target).Replace(says)
	if c.failure() != "" {
		return c.actor.short() + " was refused " + c.action() + " on " + target + ": " + c.failure()
	}
	return oneLine(c.actor.short() + " " + said)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
