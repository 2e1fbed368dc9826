package changes

import (
	"cmp"
	"strings"
)

// Actor is who made a call.
type Actor struct {
	// Kind is CloudTrail's type of identity, such as "IAMUser", "AssumedRole", "Root" or "AWSService" ("CloudTrail
	// userIdentity element", AWS CloudTrail User Guide).
	Kind string
	// Name is the most telling name: a user, the session of a role, a service.
	Name string
	// Role is the role that was assumed, if one was.
	Role string
	ARN  string
	// Via is the AWS service that made the call on the actor's behalf, such as "cloudformation.amazonaws.com".
	Via string
	// servicePrincipal is the owner of a service-linked role, or the service itself.
	servicePrincipal string
}

// String returns the name, with the role behind it: "omar.h@example.com (role admin)".
func (a Actor) String() string {
	s := cmp.Or(a.Name, a.ARN, "somebody")
	if a.Role != "" && a.Role != a.Name {
		s += " (role " + a.Role + ")"
	}
	if a.Via != "" && a.Via != a.Name {
		s += " through " + a.Via
	}
	return s
}

// short is the name alone.
func (a Actor) short() string { return cmp.Or(a.Name, a.Role, a.ARN, "somebody") }

// linkedRolePath stands in the ARN of every service-linked role, before the service ("Using service-linked roles", IAM
// User Guide).
const linkedRolePath = "/aws-service-role/"

func actorOf(identity node, username string) Actor {
	a := Actor{Kind: identity.get("type").str(), ARN: identity.get("arn").str(), Via: identity.get("invokedBy").str()}
	issuer := identity.get("sessionContext", "sessionIssuer")
	switch a.Kind {
	case "Root":
		a.Name = "root"
	case "AWSService":
		a.Name, a.servicePrincipal = a.Via, a.Via
	case "AssumedRole":
		a.Role = issuer.get("userName").str()
		a.Name = cmp.Or(afterLast(a.ARN, "/"), after(identity.get("principalId").str(), ":"), username, a.Role)
	case "IdentityCenterUser":
		a.Name = cmp.Or(username, identity.get("onBehalfOf", "userId").str())
	default:
		a.Name = cmp.Or(identity.get("userName").str(), username, afterLast(a.ARN, "/"),
			after(identity.get("principalId").str(), ":"))
		if a.Name == "" && a.Kind == "" { // what a service tells of itself: "AWS service events", AWS CloudTrail User Guide
			a.Name = a.Via
		}
		a.Name = cmp.Or(a.Name, identity.get("accountId").str())
	}
	if _, owner, linked := strings.Cut(issuer.get("arn").str(), linkedRolePath); linked {
		a.servicePrincipal, _, _ = strings.Cut(owner, "/")
	}
	return a
}

// after returns what follows the first separator, "" if there is none.
func after(s, separator string) string {
	_, tail, _ := strings.Cut(s, separator)
	return tail
}

// afterLast returns what follows the last separator, "" if there is none.
func afterLast(s, separator string) string {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return ""
	}
	return s[i+len(separator):]
}
