package ecsdiag

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/ecsdiag/internal/ecstext"
	"github.com/awsdiag/awsdiag/internal/words"
)

// summary tells the group in one line: how many tasks of which service, what, when, and how often ECS reported it.
func (g *group) summary(say string) string {
	stops := len(g.stops())
	who := "tasks of " + g.name()
	switch {
	case stops == 1:
		who, say = "1 task of "+g.name(), singular(say)
	case stops > 1:
		who = fmt.Sprintf("%d tasks of %s", stops, g.name())
	}
	said := nameless.Replace(g.fill(say, unnamed))
	return oneLine(who + " " + said + g.tail + g.when(len(g.signs)-stops))
}

// verbs are the first words of what rows say of several tasks, and those for one.
var verbs = map[string]string{
	"are": "is", "were": "was", "fail": "fails", "exit": "exits", "crash": "crashes", "end": "ends", "do": "does",
}

// ofOne turns words about several tasks into words about one.
var ofOne = strings.NewReplacer(" they do ", " it does ", " and were ", " and was ", " their ", " its ",
	" themselves ", " itself ", "never run ", "never runs ")

// singular makes a sentence about several tasks one about a single one.
func singular(say string) string {
	verb, rest, _ := strings.Cut(say, " ")
	if one, ok := verbs[verb]; ok {
		say = one + " " + rest
	}
	return ofOne.Replace(say)
}

func (g *group) name() string { return g.subject.cluster + "/" + g.subject.name }

// when tells the times of the group and, if all of it are events, their number.
func (g *group) when(events int) string {
	first, last := g.first().at, g.last().at
	if first.IsZero() || last.IsZero() {
		return ""
	}
	tail := "; " + span(first, last)
	if events == len(g.signs) {
		tail = fmt.Sprintf("; reported %s, %s", words.Times(events), span(first, last))
	}
	if ago := g.subject.window.End.Sub(last); ago >= time.Minute && first != last {
		tail += " (last " + words.Span(ago) + " ago)"
	}
	return tail
}

func span(first, last time.Time) string {
	switch {
	case last.Sub(first) < time.Minute:
		return "at " + words.Clock(first)
	case first.UTC().Format(time.DateOnly) != last.UTC().Format(time.DateOnly):
		return first.UTC().Format("2006-01-02 15:04") + " to " + last.UTC().Format("2006-01-02 15:04 UTC")
	}
	return first.UTC().Format("15:04") + " to " + words.Clock(last)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// unnamed holds the words that stand where the text names nothing.
var unnamed = map[string]string{
	"image": "the image", "registry": "the registry", "secret": "a secret or parameter", "key": "a key",
	"role":   "the role",
	"action": "the call", "subnet": "the subnet", "target group": "its target group", "reason": "its health checks fail",
	"log group": "of the awslogs driver", "container": "not told", "file system": "the file system",
	"alarm": "an alarm", "log destination": "CloudWatch Logs",
	"deployment": "a deployment", "codes": "unknown", "stream": "the stream", "timeout": "the stop timeout",
}

// nameless puts right what stands doubled, or for nothing, where the text names neither role nor call.
var nameless = strings.NewReplacer("role the role", "the role", " (the call)", "", " (the call denied)", "")

// fill replaces {image}, {secret} and the like by what the texts of the group name, or else by the word for it.
func (g *group) fill(template string, otherwise map[string]string) string {
	for name, word := range otherwise {
		template = strings.ReplaceAll(template, "{"+name+"}", cmp.Or(g.named(name), word))
	}
	return template
}

// named returns what the texts of the group name, or "".
func (g *group) named(name string) string {
	if v := g.names[name]; v != "" {
		return v
	}
	for _, s := range slices.Backward(g.signs) {
		if v := fieldOf(s, name); v != "" {
			return v
		}
	}
	return ""
}

func fieldOf(s sign, name string) string {
	f := s.match.Fields
	switch name {
	case "image":
		return cmp.Or(f.Image, strings.TrimPrefix(f.Repository, "library/")) // Docker Hub's own images bear no such prefix
	case "registry":
		return cmp.Or(f.Registry, f.Endpoint)
	case "secret":
		return secretName(f)
	case "key":
		return f.JSONKey
	case "role":
		return roleOf(f.Role)
	case "action":
		return f.Action
	case "subnet":
		return f.Subnet
	case "target group":
		if strings.HasPrefix(f.TargetGroup, "arn:") {
			return targetGroupResource(f.TargetGroup).ID
		}
		return f.TargetGroup
	case "reason":
		return f.Reason
	case "log group":
		return f.LogGroup
	case "file system":
		return f.FileSystem
	case "log destination":
		return logHost(s.text)
	case "alarm":
		return f.Alarm
	case "deployment":
		return f.Deployment
	case "container":
		return containerOf(s)
	case "task":
		if s.task != nil {
			return aws.ToString(s.task.TaskArn)
		}
	}
	return ""
}

// calledHost is the host in the error of a log driver that does not reach it.
var calledHost = regexp.MustCompile(`(?:https?://|\blookup |dial tcp )([\w-]+(?:\.[\w-]+)+)`)

// logHost is where a log driver sends to; "" where that is CloudWatch Logs, or not told.
func logHost(text string) string {
	if m := calledHost.FindStringSubmatch(text); m != nil && !strings.Contains(m[1], ".amazonaws.com") &&
		strings.ContainsFunc(m[1], unicode.IsLetter) {
		return m[1]
	}
	return ""
}

func secretName(f ecstext.Fields) string {
	if ref := cmp.Or(f.Secret, f.Parameter); ref != "" {
		return secretRef(f).ID
	}
	return ""
}

// secretRef names the secret or parameter in a text; a bare name is one of the kind that the text says.
func secretRef(f ecstext.Fields) diag.Resource {
	if f.Secret != "" && !strings.HasPrefix(f.Secret, "arn:") {
		return diag.Resource{Type: typeSecret, ID: f.Secret}
	}
	return secretResource(cmp.Or(f.Secret, f.Parameter))
}

// roleOf returns the name of a role from its ARN or from that of a session: "assumed-role/name/session".
func roleOf(arn string) string {
	_, path, ok := strings.Cut(arn, ":assumed-role/")
	if ok {
		name, _, _ := strings.Cut(path, "/")
		return name
	}
	return shortName(arn)
}

// containerOf returns the container of a field such as "containers[app].reason".
func containerOf(s sign) string {
	if name, ok := strings.CutPrefix(s.field, "containers["); ok {
		name, _, _ = strings.Cut(name, "]")
		return name
	}
	return s.match.Fields.Container
}
