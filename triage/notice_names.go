package triage

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/awsdiag/awsdiag/diag"
)

// label matches a name with the value that is set to it: Name=value, "Name": "value", Name = value. A value that merely
// follows the name is a word of the sentence.
func label(names, value string) *regexp.Regexp {
	return regexp.MustCompile(`\b(?:` + names + `)\\?["']?\s*[=:]\s*\\?["']?(` + value + `)`)
}

// flag matches the same as an option of the AWS CLI.
func flag(names, value string) *regexp.Regexp {
	return regexp.MustCompile(`--(?:` + names + `)[= ]+["']?(` + value + `)`)
}

// pair matches the JSON that CloudWatch writes of a dimension: {"name": "ClusterName", "value": "prod"}, in either
// order.
func pair(name, value string) *regexp.Regexp {
	const quote, between = `\\?"`, `\s*:\s*`
	n, v := quote+`(?i:name)`+quote+between+quote+name+quote, quote+`(?i:value)`+quote+between+quote+`(`+value+`)`+quote
	return regexp.MustCompile(`(?:` + n + `\s*,\s*` + v + `|` + v + `\s*,\s*` + n + `)`)
}

const nameForm = `[A-Za-z0-9][A-Za-z0-9_-]{0,254}`

var (
	clusterLabels = []*regexp.Regexp{
		pair("ClusterName", nameForm), label("ClusterName|ECS_CLUSTER", nameForm), flag("cluster", nameForm),
		regexp.MustCompile(`\becs/v2/clusters/(` + nameForm + `)`),
		regexp.MustCompile(`\bECS cluster ["'(](` + nameForm + `)["')]`),
	}
	serviceLabels = []*regexp.Regexp{
		pair("ServiceName", nameForm), label("ServiceName", nameForm), flag("services?|service-name", nameForm),
		regexp.MustCompile(`\(service (` + nameForm + `)\)`), // how every event of a service begins
		regexp.MustCompile(`\bgroup\\?["']?\s*[=:]\s*\\?["']?service:(` + nameForm + `)`),
		regexp.MustCompile(`\bECS service ["'(](` + nameForm + `)["')]`),
	}
	// servicePaths are cluster/service where the text says that it is one: by a word, in an address of the console, or
	// by saying nothing else.
	servicePaths = []*regexp.Regexp{
		regexp.MustCompile(`\becs/v2/clusters/(` + nameForm + `)/services/(` + nameForm + `)`),
		regexp.MustCompile(`(?i)\bservice[ :/]+["'(]?(` + nameForm + `)/(` + nameForm + `)\b`),
		regexp.MustCompile(`^\s*(` + nameForm + `)/(` + nameForm + `)\s*$`),
	}
	taskWord   = regexp.MustCompile(`(?i)\btasks?[ :/(]+(?:(` + nameForm + `)/)?([0-9a-f]{32})\b`)
	identified = map[string][]*regexp.Regexp{
		typeDBInstance: {pair("DBInstanceIdentifier", nameForm), label("DBInstanceIdentifier", nameForm),
			flag("db-instance-identifier", nameForm)},
		typeDBCluster: {pair("DBClusterIdentifier", nameForm), label("DBClusterIdentifier", nameForm),
			flag("db-cluster-identifier", nameForm)},
		typeLogGroup: {
			pair("LogGroupName", logGroupForm), label("logGroup(?:Name|Identifier)?|LogGroupName|awslogs-group",
				logGroupForm), flag("log-group-name", logGroupForm),
			regexp.MustCompile(`(?i)\blog group ["'(]?(` + logGroupForm + `)`),
			// The groups that AWS services and Copilot name themselves, and the usual names of those of ECS.
			regexp.MustCompile(`(?:^|[\s"'=(\[,])(/(?:aws/[a-z]+|ecs|copilot)/` + logNameForm + `)`),
		},
	}
)

// twins are words that people join with a slash behind any other word.
var twins = map[string]bool{"and/or": true, "either/or": true, "start/stop": true, "on/off": true, "read/write": true,
	"up/down": true, "he/she": true, "input/output": true, "client/server": true, "request/response": true, "n/a": true,
	"in/out": true}

// The characters of a log group's name ("logGroupName", CreateLogGroup, Amazon CloudWatch Logs API Reference). Without
// a slash in it, a word behind "log group" is too likely to be just that.
const (
	logNameForm  = `[A-Za-z0-9_/.#-]*[A-Za-z0-9_/#-]`
	logGroupForm = `[A-Za-z0-9_.#-]*/` + logNameForm
)

// named takes the resources that the text names with a word for what they are.
func (r *reader) named() {
	for _, typ := range slices.Sorted(maps.Keys(identified)) {
		for _, p := range identified[typ] {
			r.each(p, func(at int, name string) { r.see(at, diag.Resource{Type: typ, ID: name}) })
		}
	}
	for _, p := range servicePaths {
		r.take(p, func(at int, g []string) bool {
			path := g[1] + "/" + g[2]
			if twins[strings.ToLower(path)] {
				return false
			}
			r.see(at, diag.Resource{Type: typeService, ID: path})
			return true
		})
	}
	r.take(taskWord, func(at int, g []string) bool {
		r.see(at, diag.Resource{Type: typeTask, ID: g[2]})
		if g[1] != "" && !strings.EqualFold(g[1], "task") {
			r.see(at, diag.Resource{Type: typeCluster, ID: g[1]})
		}
		return true
	})
	r.ecsNames()
}

// ecsNames joins a service with its cluster where the text speaks of one cluster only.
func (r *reader) ecsNames() {
	clusters := map[string]bool{}
	for _, m := range r.found {
		if m.Type == typeCluster {
			clusters[m.ID] = true
		}
	}
	for _, p := range clusterLabels {
		r.each(p, func(at int, name string) {
			clusters[name] = true
			r.see(at, diag.Resource{Type: typeCluster, ID: name})
		})
	}
	cluster := ""
	if len(clusters) == 1 {
		for name := range clusters {
			cluster = name + "/"
		}
	}
	for _, p := range serviceLabels {
		r.each(p, func(at int, name string) { r.see(at, diag.Resource{Type: typeService, ID: cluster + name}) })
	}
	for i, m := range r.found {
		if m.Type == typeService && !strings.Contains(m.ID, "/") {
			r.found[i].ID = cluster + m.ID
		}
	}
}

// each takes what a pattern's only group that matched holds.
func (r *reader) each(p *regexp.Regexp, f func(at int, name string)) {
	r.take(p, func(at int, g []string) bool {
		f(at, cmp.Or(g[1:]...))
		return true
	})
}
