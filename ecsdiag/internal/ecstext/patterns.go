package ecstext

import "regexp"

// patterns are the forms in which ECS, the agent and the SDKs name things outside of ARNs.
var patterns = []pattern{
	name("service", `(?i)\(service ([\w-]+)|\bservice \( ?([\w-]+)|^\W*service ([\w-]+) (?:was|is|failed|could|\(|task|`+
		`has (?:started|stopped|reached|begun)|deployment|registered|deregistered|operations|timed|rolling|stopped)`,
		func(f *Fields) *string { return &f.Service }),
	name("set", `(?i)\btask ?set[ (]+([\w/-]*\d[\w/-]*)`,
		func(f *Fields) *string { return &f.TaskSet }),
	name("deployment", `(?i)\bdeployment(?:id)?[ (]+([\w/-]*\d[\w/-]*)`,
		func(f *Fields) *string { return &f.Deployment }),
	name("task definition", `(?i)\btask definition ['"]?([\w-]+:\d+)`,
		func(f *Fields) *string { return &f.TaskDefinition }),
	name("container", `(?i)\(container ([\w-]+)\)|\bcontainer ['"]([\w-]+)['"]`,
		func(f *Fields) *string { return &f.Container }),
	name("instance", `(?i)\binstance ((?:i-)?[0-9a-f]{8}[0-9a-f-]*|[0-9][0-9a-f.:]+)|\(instance ([\w.:-]+)\)`,
		func(f *Fields) *string { return &f.Instance }),
	name("i-", `\b(i-[0-9a-f]{4,17})\b`,
		func(f *Fields) *string { return &f.Instance }),
	name("target-group", `(?i)\btarget-group[ (]+([\w-]+)(?:[\s).]|$)`,
		func(f *Fields) *string { return &f.TargetGroup }),
	name("elb ", `(?i)\(elb ([\w-]+)\)|\bin elb ([\w-]+)`,
		func(f *Fields) *string { return &f.LoadBalancer }),
	name("reason", `(?is)\bdue to \(?reason:? ([^()]+)`,
		func(f *Fields) *string { return &f.Reason }),
	name("subnet-", `\b(subnet-[0-9a-f]{6,})\b`,
		func(f *Fields) *string { return &f.Subnet }),
	name("eni-", `\b(eni-[0-9a-f]{6,})\b`,
		func(f *Fields) *string { return &f.Interface }),
	name("fs-", `\b(fs-[0-9a-f]{6,})\b`,
		func(f *Fields) *string { return &f.FileSystem }),
	name(" in |zone", `\b([a-z]{2}(?:-[a-z]+)+-\d[a-z])\b`,
		func(f *Fields) *string { return &f.Zone }),
	name("perform|allow", `(?:perform:?|allows? ?the)\s+\(?([a-z0-9-]+:[A-Z][A-Za-z]+)`,
		func(f *Fields) *string { return &f.Action }),
	name("exception|error|violation|insubnet|exceeded|failure|fault|canceled|capacity|unauthorizedop",
		`\bapi error ([A-Za-z]+)\b|\b([A-Z][A-Za-z]+(?:Exception|Violation|InSubnet|LimitExceeded|Failure|Fault|`+
			`CountExceeded|Canceled)|RequestError|InsufficientInstanceCapacity|UnfulfillableCapacity|UnauthorizedOperation)\b`,
		func(f *Fields) *string { return &f.APIError }),
	name("http", `(?i)\b(?:get|head|post|put) \\?["']?https?://([\w.*-]+(?::\d+)?)`,
		func(f *Fields) *string { return &f.Endpoint }),
	name("lookup", `\blookup ([\w-]+(?:\.[\w-]+)+)`,
		func(f *Fields) *string { return &f.Endpoint }),
	name("resolve", `(?i)failed to resolve \\?["']?([\w-]+(?:\.[\w-]+){2,})`,
		func(f *Fields) *string { return &f.Endpoint }),
	name("dial tcp", `\bdial tcp ([0-9.]+:\d+|\[[0-9a-f:]+\]:\d+)`,
		func(f *Fields) *string { return &f.Endpoint }),
	name("json key", `(?i)\bjson key:? \\?['"]?([\w.-]+)`,
		func(f *Fields) *string { return &f.JSONKey }),
	name("secret", `(?i)\bsecret \\?['"‘]([\w/+=.@-]+)\\?['"’]`,
		func(f *Fields) *string { return &f.Secret }),
	name("log", `(?i)\blog group:? \\?['"]?([\w.#-]*/[\w./#-]+)`,
		func(f *Fields) *string { return &f.LogGroup }),
	name("alarm", `(?i)\balarms?(?: name)?:? ?[\[('"]+ ?([^\])'"]+)|\balarm ([\w-]+) (?:is |went )?in`,
		func(f *Fields) *string { return &f.Alarm }),
	value("task", `(?i)\btasks?:? *\(? *([0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4})\b`, (*Fields).addTask),
	value("port ", `(?i)\bport (\d{1,5})\b`, (*Fields).setPort),
	value("task|target", `(?i)\b(\d{1,6}) (?:(?:running|pending|unhealthy|new) )?(?:tasks?|targets?)\b`,
		(*Fields).setCount),
	value("exit", `(?i)\bexit(?:ed with)?[ _]?code['"]?[: =(]*(\d{1,10})\b`, (*Fields).setExitCode),
	value("parameter", `(?i)\bparameters?(?:: *\[?| \[)([\w./-]+)`, (*Fields).setParameter),
}

// name keeps the first text that is found for a field.
func name(hints, expression string, field func(*Fields) *string) pattern {
	return value(hints, expression, func(f *Fields, value string) { keep(field(f), value) })
}

func value(hints, expression string, set func(*Fields, string)) pattern {
	return pattern{hints, regexp.MustCompile(expression), set}
}
