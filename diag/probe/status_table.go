package probe

import (
	"slices"

	"github.com/awsdiag/awsdiag/diag"
)

// status is one row of the table of what an HTTP status of a health endpoint means.
type status struct {
	code     diag.Code
	title    string
	doc      string
	means    string // behind the status in the summary
	severity diag.Severity
	fits     func(status int) bool
	needs    []diag.Mechanism
	step     diag.Step
}

// behindProxy is what a load balancer or proxy needs of those to which it passes requests on.
var behindProxy = []diag.Mechanism{diag.Routing, diag.TargetReachable, diag.HealthCheck, diag.TaskStart, diag.TaskRun,
	diag.TaskCount, diag.Placement, diag.Application}

var lookAtTargets = diag.Step{Text: "See which targets the load balancer has, and how they are.",
	Command: "aws elbv2 describe-target-groups --query " +
		"'TargetGroups[].[TargetGroupName,TargetGroupArn,HealthCheckPath]' --output table",
	Doc: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html"}

var lookAtLogs = diag.Step{Text: "Look in the application's logs for the error at the time of the request."}

// statuses follow RFC 9110, section 15, and "Troubleshoot your Application Load Balancers", Elastic Load Balancing User
// Guide. A row takes what no earlier row took.
var statuses = []status{
	{
		"probe.http-not-found",
		"Page not found",
		"The server answers and knows no such page: the health endpoint is not " +
			"implemented, or the path is not the one that the application serves.",
		"not implemented, or the wrong path",
		diag.SeverityError,
		is(404, 410),
		[]diag.Mechanism{diag.Application},
		diag.Step{
			Text: "Compare the path, letter by letter, with the routes of the application and with the path of the " +
				"health check.",
		},
	},
	{
		"probe.http-unauthorized",
		"Page wants credentials",
		"The server wants credentials, and the probe never sends any; a health check sends none either.",
		"the page wants credentials, which a health check does not send",
		diag.SeverityWarning,
		is(401, 407),
		nil,
		diag.Step{Text: "Leave the health endpoint out of authentication, or probe another page."},
	},
	{
		"probe.http-forbidden",
		"Page forbidden",
		"Who answers does not let this request in: a web ACL, a rule about hosts or addresses, or the application.",
		"a web ACL, a rule about hosts or addresses, or the application forbids it",
		diag.SeverityWarning,
		is(403),
		[]diag.Mechanism{diag.Permission},
		diag.Step{Text: "See whether a web ACL stands before it, and which of its rules blocks.",
			Command: "aws wafv2 list-web-acls --scope REGIONAL"},
	},
	{
		"probe.http-method-not-allowed",
		"Method not allowed",
		"The page exists and does not take the method of the probe.",
		"the page does not take this method",
		diag.SeverityWarning,
		is(405),
		nil,
		diag.Step{Text: "Probe with the other method; health checks of load balancers use GET."},
	},
	{
		"probe.http-throttled",
		"Too many requests",
		"Who answers limits the rate of requests.",
		"the rate of requests is limited",
		diag.SeverityWarning,
		is(429),
		nil,
		diag.Step{Text: "Leave the health endpoint out of the rate limit."},
	},
	{
		"probe.http-client-error",
		"Request not accepted",
		"The server answers that the request is wrong: often the Host header is none that it serves.",
		"the server does not accept the request, often for its Host header",
		diag.SeverityError,
		class(4),
		[]diag.Mechanism{diag.Application},
		diag.Step{
			Text: "See which hosts the application or proxy serves; a health check sends the target's address as Host.",
		},
	},
	{
		"probe.http-internal-error",
		"Endpoint has a bug",
		"The application fails over the request: a bug in the endpoint, or something that it depends on fails.",
		"the application fails over it",
		diag.SeverityError,
		is(500),
		[]diag.Mechanism{diag.Application, diag.DBAccept, diag.DBServe},
		lookAtLogs,
	},
	{
		"probe.http-bad-gateway",
		"Bad gateway",
		"A load balancer or proxy got no proper answer from behind: the target " +
			"refused or closed the connection, its answer is malformed, or it speaks another protocol.",
		"no proper answer came from behind the load balancer or proxy",
		diag.SeverityError,
		is(502),
		behindProxy,
		lookAtTargets,
	},
	{
		"probe.http-unavailable",
		"Service unavailable",
		"Nobody is there to answer: the load balancer has no target to send " +
			"to, or the application says that it is not ready or has too much to do.",
		"there is no target in service, or the application is not ready",
		diag.SeverityError,
		is(503),
		behindProxy,
		lookAtTargets,
	},
	{
		"probe.http-gateway-timeout",
		"Gateway timeout",
		"A load balancer or proxy waited in vain for what is behind: it did " +
			"not get a connection, or the answer took longer than the idle timeout.",
		"what is behind the load balancer or proxy did not answer in time",
		diag.SeverityError,
		is(504),
		append([]diag.Mechanism{diag.NetworkPath, diag.DBServe}, behindProxy...),
		lookAtTargets,
	},
	{
		"probe.http-server-error",
		"Server error",
		"The server or something before it fails with a status that has no row of its own.",
		"the server or something before it fails",
		diag.SeverityError,
		class(5),
		[]diag.Mechanism{diag.Application},
		lookAtLogs,
	},
}

func is(wanted ...int) func(int) bool {
	return func(status int) bool { return slices.Contains(wanted, status) }
}

func class(hundred int) func(int) bool { return func(status int) bool { return status/100 == hundred } }
