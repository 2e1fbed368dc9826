package ssmdiag

import (
	"regexp"
	"strings"
)

// Status is what a text about a command, a session or an agent says, in our own names. The values are stable.
type Status string

// The statuses of commands and invocations ("Understanding command statuses"; "Troubleshooting Run Command").
const (
	// Unrecognised says that no rule knows the text.
	Unrecognised Status = "unrecognised"
	// Pending: not sent to the node yet.
	Pending Status = "pending"
	// InProgress: sent, not ended.
	InProgress Status = "in-progress"
	// Delayed: the node could not be reached; Systems Manager tries again.
	Delayed Status = "delayed"
	// Success: ended with exit code 0.
	Success Status = "success"
	// Failed: ended with another exit code, or did not run.
	Failed Status = "failed"
	// Cancelling: a cancellation is under way.
	Cancelling Status = "cancelling"
	// Cancelled: cancelled before its end.
	Cancelled Status = "cancelled"
	// DeliveryTimedOut: the node did not take the command in time.
	DeliveryTimedOut Status = "delivery-timed-out"
	// ExecutionTimedOut: the command ran longer than it may.
	ExecutionTimedOut Status = "execution-timed-out"
	// TimedOut: one of the two, the text does not say which.
	TimedOut Status = "timed-out"
	// Undeliverable: the node does not exist or does not answer.
	Undeliverable Status = "undeliverable"
	// Terminated: too many other invocations failed, so that this one was not begun; or a session ended.
	Terminated Status = "terminated"
	// Terminating: a session is being ended.
	Terminating Status = "terminating"
	// InvalidPlatform: the document is not for the node's operating system.
	InvalidPlatform Status = "invalid-platform"
	// AccessDenied: the caller may not send to the node, or a role may not do what was asked.
	AccessDenied Status = "access-denied"
	// RateExceeded: more nodes than the account may have pending, or too many calls.
	RateExceeded Status = "rate-exceeded"
	// NoInstancesInTag: the tags or the resource group match no node.
	NoInstancesInTag Status = "no-instances-in-tag"
	// Incomplete: some invocations did not succeed, too few for "failed".
	Incomplete Status = "incomplete"
	// Skipped: the step does not apply to the node.
	Skipped Status = "skipped"
	// Connected: the node, or the session's data channel, is connected.
	Connected Status = "connected"
	// Connecting: the session's data channel is being opened.
	Connecting Status = "connecting"
	// Disconnected: the client of a session went away; the session can be resumed.
	Disconnected Status = "disconnected"
)

// What errors, clients and the agent's log say.
const (
	// TargetNotConnected: StartSession or ExecuteCommand found no connection to the target.
	TargetNotConnected Status = "target-not-connected"
	// InvalidInstance: the id names no node, or one that is not in a valid state.
	InvalidInstance Status = "invalid-instance"
	// NotConfigured: the instance is not set up for Session Manager.
	NotConfigured Status = "not-configured"
	// AgentNetworkTimeout: the agent does not reach the service's endpoint.
	AgentNetworkTimeout Status = "agent-network-timeout"
	// AgentNoCredentials: the agent has no credentials to call the service with.
	AgentNoCredentials Status = "agent-no-credentials"
	// PluginMissing: the client has no Session Manager plugin.
	PluginMissing Status = "plugin-missing"
)

// exact are the statuses by their letters alone, as spellings differ in spaces and case: "Delivery Timed Out",
// "DeliveryTimedOut".
var exact = map[string]Status{
	"pending": Pending, "inprogress": InProgress, "delayed": Delayed, "success": Success, "succeeded": Success,
	"failed": Failed, "cancelled": Cancelled, "canceled": Cancelled, "cancelling": Cancelling, "canceling": Cancelling,
	"deliverytimedout": DeliveryTimedOut, "executiontimedout": ExecutionTimedOut, "timedout": TimedOut,
	"undeliverable": Undeliverable, "terminated": Terminated, "terminating": Terminating,
	"invalidplatform": InvalidPlatform, "accessdenied": AccessDenied, "rateexceeded": RateExceeded,
	"noinstancesintag": NoInstancesInTag, "incomplete": Incomplete, "skipped": Skipped,
	"connected": Connected, "connecting": Connecting, "disconnected": Disconnected, "notconnected": TargetNotConnected,
	// PingStatus of DescribeInstanceInformation, and what automations and their change requests have besides.
	"online": Connected, "connectionlost": TargetNotConnected, "inactive": TargetNotConnected,
	"waiting": Pending, "scheduled": Pending, "pendingapproval": Pending, "runbookinprogress": InProgress,
	"completedwithsuccess": Success, "completedwithfailure": Failed,
}

// rule recognises a status in a sentence. All of its patterns must match.
type rule struct {
	status Status
	all    []*regexp.Regexp
}

func when(status Status, patterns ...string) rule {
	r := rule{status: status}
	for _, p := range patterns {
		r.all = append(r.all, regexp.MustCompile(`(?is)`+p))
	}
	return r
}

// rules hold the most exact one first: a denied call of an agent without credentials is about the credentials, and an
// error code goes before the words of its message.
var rules = []rule{
	when(
		PluginMissing,
		`session.?manager.?plugin`,
		`not found|not recognized|no such file|cannot find|isn't installed|not installed|not in (the|your) path|ENOENT|unable to find|could not (be found|find)`,
	),
	when(AgentNetworkTimeout, `credential`,
		`dial tcp|i/o timeout|no such host|connection refused|no route to host|network is unreachable`),
	when(
		AgentNoCredentials,
		`no valid (ec2 )?(credential|role|identity)|(unable|fail\w*|could ?n[o']t|cannot|not able) (to )?(acquire|retrieve|get|load|fetch|obtain|find|refresh)[\w ]*credential|NoCredentialProviders|EC2RoleRequestError|credentials? (could|can) ?not be (retrieved|loaded|found)|no (instance )?(iam )?(role|profile|credentials?) (is |was )?(attached|found|available|provided|present)`,
	),
	when(
		AgentNoCredentials,
		`management role (is )?not configured|RequestManagedInstanceRoleToken|no EC2 (IMDS|instance) role found|(instance|security).{0,20}credentials.{0,40}(404|not found)|ExpiredToken(Exception)?\b|security token included in the request is expired`,
	),
	when(
		AgentNoCredentials,
		`ssm-agent|hibernate|health ping|MGSInteractor|MessageService|MessagingDeliveryService|controlchannel`,
		`UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|security token included in the request is invalid`,
	),
	when(AgentNoCredentials, `fingerprint (does ?n[o']t|did ?n[o']t) match|MachineFingerprintDoesNotMatch`),
	when(AccessDenied, `ssm-agent|EC2RoleProvider|hibernate`, `not authorized to perform`),
	when(AgentNoCredentials, `connect to systems manager with .{0,40}role`),
	when(TargetNotConnected, `TargetNotConnected`),
	when(ExecutionTimedOut, `\bstep timed out\b`),
	when(InvalidInstance, `InvalidInstanceId|InvalidTarget\b`),
	when(
		NoInstancesInTag,
		`no ?instances? ?in ?tag|no (targets?|(managed )?(instances?|nodes?)) (that |which )?(were )?(found|match\w*|with|tagged)`,
	),
	when(NoInstancesInTag, `(tags?|tag key|resource group).{0,80}(does ?n[o']t|do ?n[o']t|did ?n[o']t) match any`),
	when(DeliveryTimedOut, `delivery time-?out`),
	when(RateExceeded, `exceed(ed|s).{0,40}(account|service) (limit|quota)`),
	when(Incomplete,
		`not enough invocations failed|one or more invocations (does|do|did) ?n[o']t have a value of success`),
	when(
		InvalidPlatform,
		`InvalidPlatform|did ?n[o']t match the required platforms?|unsupported ?platform|incompatible platform|not supported (in|on) (the |this )?(current )?platform|(does ?n[o']t|do ?n[o']t) support the platform|platform.{0,30}(not (supported|match|compatible)|does ?n[o']t match|mismatch)|not (supported|applicable) (on|for) (this|the) platform`,
	),
	when(
		AgentNetworkTimeout,
		`(\b(ssm|ssmmessages|ec2messages|s3|monitoring|logs)[.-][\w.-]*amazonaws|control ?channel|data ?channel|health ?ping|MGSInteractor|MDSInteractor|MessageService|message gateway|messaging service|amazon-ssm-agent|ssm ?agent|websocket|endpoint|RequestError: send request failed|UpdateInstanceInformation)`,
		`timeout|timed out|deadline exceeded|no route to host|network is unreachable|connection (refused|reset)|no such host|temporary failure in name|server misbehaving|dial tcp|Client\.Timeout|lookup `,
	),
	when(
		AgentNetworkTimeout,
		`(unable|fail\w*|cannot|can't|could ?n[o']t) (to )?(reach|connect to|contact|ping|communicate with)\b.{0,80}(endpoint|systems manager|ssm|ec2messages|ssmmessages|service)`,
	),
	when(AgentNetworkTimeout, `latest/(dynamic|meta-data|api/token)`,
		`timeout|timed out|deadline exceeded|no route to host|unreachable`),
	when(RateExceeded, `ThrottlingException|rate ?exceeded|too many requests|RequestLimitExceeded`),
	when(
		AccessDenied,
		`access ?denied|(not|n't) authorized to perform|(does ?n[o']t|do ?n[o']t|did ?n[o']t) have (access|permissions?) (to|on|for)|(does ?n[o']t|do ?n[o']t) contain .{0,40}permissions?|UnauthorizedOperation|explicit deny|AccessDeniedException`,
	),
	when(
		NotConfigured,
		`advanced-instances tier|not configured (for|to use|with)|isn't configured|is not configured|SSM Agent (is not|isn't|was not|wasn't) (online|installed|running|registered)|(install|attach|associate).{0,60}(instance profile|IAM role)|ssm ?agent.{0,40}(is not|isn't|not) (installed|running|online|registered)|instance profile.{0,60}(missing|not attached|n't attached|required)|(not|isn't) (registered|managed) (with|by|to) (aws )?systems manager|not a managed (instance|node)|ssm connect.{0,20}(failed|unavailable)|execute command (was not|wasn't|is not|isn't) enabled|execute command agent (is not|isn't) running`,
	),
	when(TargetNotConnected,
		`is not connected\b|target.{0,40}not connected|isn't connected|offline|(not|n't) (come )?online`),
	when(DeliveryTimedOut, `delivery.{0,12}tim(ed|e) ?out|not delivered.{0,60}(before|within)|delivery timeout`),
	when(
		ExecutionTimedOut,
		`execut\w*.{0,30}tim(ed|e) ?out|still running.{0,40}timeout|command.{0,40}exceeded.{0,20}timeout`,
	),
	when(Undeliverable, `undeliverable|(can't|cannot|could not|couldn't) be delivered`),
	when(
		InvalidInstance,
		`not in a valid state|invalid instance|instance ids?.{0,60}(not valid|invalid|does ?n[o']t exist|not found)`,
	),
	when(
		Terminated,
		`exceeded its (max ?errors|maximum)|max ?errors.{0,40}(cancel|terminat)|session.{0,60}(was|been|is) terminated`,
	),
	when(Cancelled, `\bcancel?led\b|was terminated before it (was )?completed`),
	when(Incomplete, `\bincomplete\b`),
	when(Delayed,
		`\bdelayed\b|attempted to send the command.{0,80}(was ?n[o']t successful|was ?n[o']t available|retr(y|ies))`),
	when(Pending,
		`\b(is|still|status:?) pending\b|(has|have) ?n[o']t been sent to (the|any) (managed )?(node|instance|target)`),
	when(InProgress, `\bin ?progress\b|has ?n[o']t reached a (terminal|final) state`),
	when(
		Failed,
		`(command|invocation|plugin|script|step|document).{0,60}\b(fail(ed|ure|s)|(was|were) ?n[o']t successful)|result code (was|is) ?n[o']t zero|failed to run commands?|exit (status|code):? [1-9]`,
	),
	when(Failed,
		`initiating handshake|ActivationExpired|InvalidActivation|registration failed|invalid document\b|InvalidDocument`),
	when(Failed, `Automation Service Troubleshooting Guide`), // which every reason of a failed step refers to
	when(Success, `(command|invocation|execution|plugin|step).{0,60}(succeeded|success)`),
}

// definition finds the first sentence of a text that describes a status instead of naming it, as the tables of
// "Understanding command statuses" and "Understanding automation statuses" do. What follows tells which others may come
// after it, and when it does not count.
var definition = regexp.MustCompile(
	`(?is)^\W*((?:the|a|an|one|command|parent|systems manager|status)\b[^:\[\]]{10,}?\.)(?:\s|$)`)

// defined are what such sentences say of the command, the step or the automation that is their subject.
var defined = []rule{
	when(Terminated, `exceeded its max`),
	when(Undeliverable, `(can ?n[o']t|can't) be delivered`),
	when(DeliveryTimedOut, `n[o']t delivered\b.*\bbefore`),
	when(ExecutionTimedOut, `n[o']t (be )?complete\w* before the\b.*time`),
	when(Cancelled, `was (cancell?ed|stopped|terminated)\b.*\bbefore it`),
	when(Cancelling, `in the process of (stopping|being)`),
	when(Delayed, `attempted to send\b.*\bbut\b`),
	when(Failed, `^\W*(the )?\w+ (did|was|were) ?n[o']t (complete )?success`),
	when(Success, `exit code of (zero|0)|(completed|ran|ended) successfully|successfully (completed|ran)`),
	when(Pending, `^[^,]*(has|was|is) ?n[o']t (yet )?(been )?(sent|received|started|begun)|is waiting for`),
	when(InProgress, `attempting to send|is (still )?running|started (running|executing)|has been sent`),
}

// define returns the status that a definition describes.
func define(text string) (Status, bool) {
	first := definition.FindStringSubmatch(text)
	if first == nil {
		return Unrecognised, false
	}
	for _, r := range defined {
		if r.matches(first[1]) {
			return r.status, true
		}
	}
	return Unrecognised, false
}

// apostrophes are what web pages and documents make of the one in "isn't".
var apostrophes = strings.NewReplacer("’", "'", "‘", "'", "&#39;", "'", "&rsquo;", "'")

var letters = strings.NewReplacer(" ", "", "_", "", "-", "", ".", "", "\n", "", "\t", "", "\r", "", `"`, "", "'", "")

// statusField is a status where JSON or a table of the CLI gives it a name.
var statusField = regexp.MustCompile(`(?i)"?\b\w*status(details)?"?\s*(?:[:=|]|\bis\b|\s)\s*"?([A-Za-z][A-Za-z ]*[A-Za-z])"?`)

// ParseStatus reads a status or a status detail of a command or an invocation, an error of the API or the CLI, or a
// line of the agent's log. It returns [Unrecognised] rather than guess.
func ParseStatus(text string) Status {
	text = apostrophes.Replace(text)
	if s, ok := exact[strings.ToLower(letters.Replace(text))]; ok {
		return s
	}
	if s, ok := define(text); ok {
		return s
	}
	for _, r := range rules {
		if r.matches(text) {
			return r.status
		}
	}
	found := statusField.FindAllStringSubmatch(text, -1)
	for i := len(found) - 1; i >= 0; i-- { // the details come after, and say more
		if s, ok := exact[strings.ToLower(letters.Replace(found[i][2]))]; ok {
			return s
		}
	}
	cells := between.Split(strings.TrimSpace(text), -1) // a line of the CLI's text output
	for i := len(cells) - 1; i > 0; i-- {
		if s, ok := exact[strings.ToLower(letters.Replace(cells[i]))]; ok {
			return s
		}
	}
	return Unrecognised
}

// between is what stands between the columns of the CLI's text output.
var between = regexp.MustCompile(`\t|\|| {2,}`)

func (r rule) matches(text string) bool {
	for _, p := range r.all {
		if !p.MatchString(text) {
			return false
		}
	}
	return true
}

// Final reports a status after which none follows.
func (s Status) Final() bool {
	switch s {
	case Pending, InProgress, Delayed, Cancelling, Terminating, Connected, Connecting, Disconnected, Unrecognised:
		return false
	}
	return true
}
