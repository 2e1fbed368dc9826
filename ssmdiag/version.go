package ssmdiag

import (
	"cmp"
	"strconv"
	"strings"
)

// withoutEC2Messages is the first agent that does not need the endpoint ec2messages.
const withoutEC2Messages = "3.3.40.0"

// ParseVersion reads an agent version such as "3.3.1611.0"; ok is false if it is not one.
func ParseVersion(text string) (parts [4]int, ok bool) {
	fields := strings.Split(text, ".")
	if len(fields) != len(parts) {
		return parts, false
	}
	for i, f := range fields {
		n, err := strconv.Atoi(f)
		if err != nil || n < 0 {
			return parts, false
		}
		parts[i] = n
	}
	return parts, true
}

// olderThan reports that a version is lower than a floor, or is not known.
func olderThan(version, floor string) bool {
	v, ok := ParseVersion(version)
	f, _ := ParseVersion(floor)
	return !ok || compareVersions(v, f) < 0
}

func compareVersions(a, b [4]int) int {
	for i := range a {
		if c := cmp.Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}

// feature is something that an agent can do from a version on.
type feature struct{ floor, what string }

// sessionFloor is the first agent that can do sessions at all ("Step 1: Complete Session Manager prerequisites", SSM
// Agent; so are the floors of features, but for that of remote hosts, "Starting a session (port forwarding to remote
// host)", and that of "Managing EC2 instances automatically with Default Host Management Configuration").
const sessionFloor = "2.3.68.0"

var features = []feature{
	{"2.3.539.0", "encryption of sessions with a KMS key"},
	{"3.0.161.0", "shell profiles"},
	{"3.0.222.0", "port forwarding and SSH"},
	{"3.0.284.0", "streaming of session logs to CloudWatch Logs"},
	{"3.1.1374.0", "port forwarding to remote hosts"},
	{"3.2.582.0", "default host management"},
	{withoutEC2Messages, "working without the endpoint ec2messages"},
}

// lacking returns what an agent of a version cannot do yet.
func lacking(version string) []string {
	var what []string
	for _, f := range features {
		if olderThan(version, f.floor) {
			what = append(what, f.what)
		}
	}
	return what
}
