package ecsdiag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// maxSamples bounds how many tasks a finding names.
const maxSamples = 3

// evidence quotes the latest text of each source in full, counts, and tells when the first sample stopped.
func (g *group) evidence() []diag.Evidence {
	var out []diag.Evidence
	for _, source := range g.sources() {
		of := slices.DeleteFunc(slices.Clone(g.signs), func(s sign) bool { return s.source != source })
		first, last := of[0], of[len(of)-1]
		out = append(out, evidenceAt(source, last.path(), g.quote(last), last.at))
		if len(of) > 1 {
			what := "stopped tasks"
			if source == sourceServices {
				what = "events"
			}
			out = append(out, evidenceAt(source, what, fmt.Sprintf("%d of this cause", len(of)), first.at))
		}
	}
	return out
}

// path tells whose field it is: "tasks[<id>].stoppedReason".
func (s sign) path() string {
	if s.task == nil {
		return s.field
	}
	return "tasks[" + shortName(aws.ToString(s.task.TaskArn)) + "]." + s.field
}

// quote is the deciding text, or the stop code where AWS gave no text.
func (g *group) quote(s sign) string {
	if s.text == "" && s.task != nil {
		return cmp.Or(string(s.task.StopCode), "no reason given")
	}
	return cmp.Or(s.text, "no text")
}

func (g *group) sources() []string {
	var sources []string
	for _, s := range g.signs {
		if !slices.Contains(sources, s.source) {
			sources = append(sources, s.source)
		}
	}
	slices.Sort(sources)
	slices.Reverse(sources) // tasks before services: the more exact first
	return sources
}

// related names sample tasks and what the texts refer to.
func (g *group) related() []diag.Related {
	var related []diag.Related
	add := func(r diag.Resource, role string) {
		if r.ID != "" && !slices.ContainsFunc(related, func(x diag.Related) bool { return x.Resource == r }) {
			related = append(related, diag.Related{Resource: r, Role: role})
		}
	}
	for _, s := range g.samples() {
		add(taskResource(aws.ToString(s.task.TaskArn)), "task")
	}
	home := g.subject.resource(g.service)
	for _, s := range g.signs {
		f := s.match.Fields
		if cmp.Or(f.Secret, f.Parameter) != "" {
			r := secretRef(f)
			add(r.In(home.Account, home.Region), "secret")
		}
		if f.Role != "" {
			add(diag.Resource{Type: typeRole, ID: roleOf(f.Role), Account: home.Account}, "role")
		}
		if strings.HasPrefix(f.TargetGroup, "arn:") {
			add(targetGroupResource(f.TargetGroup), "target group")
		}
		if f.LogGroup != "" {
			add(beside(home, typeLogGroup, f.LogGroup), "log group")
		}
		if strings.HasPrefix(f.Subnet, "subnet-") {
			add(beside(home, typeSubnet, f.Subnet), "subnet")
		}
	}
	return related
}

// samples are the latest stopped tasks.
func (g *group) samples() []sign {
	stops := g.stops()
	return stops[max(0, len(stops)-maxSamples):]
}

// step fills in a step's command; one that names what the texts do not is left out.
func (g *group) step(s diag.Step) diag.Step {
	fields := map[string]string{}
	for name := range unnamed {
		fields[name] = "\x00"
	}
	home := g.subject.resource(g.service)
	command := g.fill(s.Command, fields)
	command = strings.NewReplacer("{cluster}", g.subject.cluster, "{service}", g.subject.name,
		"{definition}", afterSlash(primaryDefinition(g.service)), "{task}", cmp.Or(shortName(g.named("task")), "\x00"),
		"{region}", cmp.Or(home.Region, "\x00"), "{target group arn}", cmp.Or(g.targetGroup(), "\x00"),
		"{repository}", cmp.Or(g.signs[0].match.Fields.Repository, "\x00")).Replace(command)
	if strings.Contains(command, "\x00") {
		command = ""
	}
	return diag.Step{Text: g.fill(s.Text, unnamed), Command: command, Doc: s.Doc, Changes: s.Changes}
}

func (g *group) targetGroup() string {
	for _, s := range g.signs {
		if strings.HasPrefix(s.match.Fields.TargetGroup, "arn:") {
			return s.match.Fields.TargetGroup
		}
	}
	return ""
}
