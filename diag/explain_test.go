package diag

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// toyInfos are the checks of the toy world. Each finding of the tests is written "code@resource".
var toyInfos = map[Code]*Info{
	"net":     {Breaks: []Mechanism{NetworkPath}},
	"oom":     {Breaks: []Mechanism{TaskRun}},
	"pull":    {Breaks: []Mechanism{ImagePull, TaskStart}, Needs: []Mechanism{NetworkPath}},
	"sick":    {Breaks: []Mechanism{HealthCheck}, Needs: []Mechanism{NetworkPath, TaskStart, TaskRun}},
	"few":     {Breaks: []Mechanism{TaskCount}, Needs: []Mechanism{TaskStart, TaskRun, HealthCheck}},
	"nowhere": {Breaks: []Mechanism{Routing}, Needs: []Mechanism{HealthCheck, TaskCount}},
	"503":     {Breaks: []Mechanism{Request}, Needs: []Mechanism{Routing}},
	"crash":   {Breaks: []Mechanism{TaskRun}, Needs: []Mechanism{Application}},
	"log":     {Breaks: []Mechanism{Application}, Needs: []Mechanism{TaskRun}},
	"advice":  {},
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// at makes a resource from "type" or "type/id".
func at(text string) Resource {
	typ, id, _ := strings.Cut(text, "/")
	return Resource{Type: typ, ID: id, Account: "111122223333", Region: "eu-west-1"}
}

// found makes findings from "code@resource".
func found(texts ...string) (findings []Finding) {
	for _, text := range texts {
		code, where, _ := strings.Cut(text, "@")
		findings = append(findings, Finding{Code: Code(code), Severity: SeverityError, Confidence: Certain,
			Resource: at(where),
			Summary:  text, Evidence: []Evidence{{Source: "toy:Read"}}})
	}
	return findings
}

func with(f []Finding, change func(*Finding)) []Finding {
	for i := range f {
		change(&f[i])
	}
	return f
}

func since(minutes int, f ...string) []Finding {
	return with(found(f...), func(f *Finding) { f.Since = noon.Add(time.Duration(minutes) * time.Minute) })
}

// links makes links from chains such as "lb>tg>svc".
func links(chains ...string) (links []Link) {
	for _, chain := range chains {
		names := strings.Split(chain, ">")
		for i := range names[1:] {
			links = append(links, Link{From: at(names[i]), To: at(names[i+1])})
		}
	}
	return links
}

// outline writes trees as "cause(effect(effect) effect)".
func outline(roots []Root) string {
	var parts []string
	for _, r := range roots {
		text := fmt.Sprintf("%s@%s", r.Code, strings.TrimSuffix(r.Resource.Type+"/"+r.Resource.ID, "/"))
		if len(r.Explains) > 0 {
			text += "(" + outline(r.Explains) + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

func explained(findings []Finding, links []Link) *Report {
	r := &Report{Findings: findings, Links: links}
	r.sort()
	r.explain(toyInfos, nil, time.Time{})
	return r
}

const house = "lb>tg>svc>sg"

var explanations = []struct {
	name     string
	findings []Finding
	links    []Link
	want     string
}{
	{"nothing", nil, nil, ""},
	{"alone", found("oom@svc"), nil, "oom@svc"},
	{"a chain over three resources", found("503@lb", "nowhere@tg", "oom@svc", "few@svc"), links(house),
		"oom@svc(few@svc(nowhere@tg(503@lb)))"},
	{"no link, no explanation", found("503@lb", "nowhere@lb2"), nil, "nowhere@lb2 503@lb"},
	{"never against the links", found("sick@svc", "oom@tg"), links("tg>svc"), "oom@tg sick@svc"},
	{"on one resource no link is needed", found("few@svc", "oom@svc"), nil, "oom@svc(few@svc)"},
	{"a diamond hangs once, at the longest chain", found("net@sg", "pull@svc", "sick@tg", "few@svc", "nowhere@tg"),
		append(links(house), links("svc>tg")...), "net@sg(pull@svc(sick@tg(few@svc(nowhere@tg))))"},
	{"two causes, each with the tree", found("oom@svc", "net@sg", "sick@tg"), links(house),
		"net@sg(sick@tg) oom@svc(sick@tg)"},
	{"a circle is cut at the higher mechanism", found("crash@svc", "log@svc"), nil, "log@svc(crash@svc)"},
	{"siblings of one type do not explain each other", found("oom@task/1", "sick@task/2"),
		links("task/1>host", "task/2>host", "host>task/1"),
		"oom@task/1 sick@task/2"},
	{"but a parent of the same type does", found("oom@task/1", "sick@task/2"), links("task/2>task/1"),
		"oom@task/1(sick@task/2)"},
	{"links of context carry nothing", found("oom@svc", "sick@cluster"),
		[]Link{{From: at("cluster"), To: at("svc"), Context: true}},
		"oom@svc sick@cluster"},
	{"a circle of links ends", found("oom@a", "sick@b"), links("a>b>c>a"), "oom@a(sick@b)"},
	{"infos are no roots", with(found("advice@svc"), func(f *Finding) { f.Severity = SeverityInfo }), nil, ""},
	{"infos are no causes", append(with(found("oom@svc"), func(f *Finding) { f.Severity = SeverityInfo }),
		found("few@svc")...), nil, "few@svc"},
	{"infos may be effects", append(with(found("few@svc"), func(f *Finding) { f.Severity = SeverityInfo }),
		found("oom@svc")...), nil,
		"oom@svc(few@svc)"},
	{"one code does not explain itself", found("few@svc", "few@tg"), links("tg>svc"), "few@svc few@tg"},
	{"a cause that begins later is none", append(since(0, "few@svc"), since(6, "oom@svc")...), nil, "oom@svc few@svc"},
	{"a cause within the tolerance is one", append(since(0, "few@svc"), since(5, "oom@svc")...), nil, "oom@svc(few@svc)"},
	{"an unknown beginning rules nothing out", append(since(0, "few@svc"), found("oom@svc")...), nil, "oom@svc(few@svc)"},
	{"nor one that may lie earlier", append(since(0, "few@svc"),
		with(since(60, "oom@svc"), func(f *Finding) { f.SinceAtLeast = true })...), nil, "oom@svc(few@svc)"},
}

func TestExplain(t *testing.T) {
	for _, tt := range explanations {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, outline(explained(tt.findings, tt.links).Roots()))
		})
	}
}

func TestExplainSetsExplainedByAndOrder(t *testing.T) {
	r := explained(found("advice@a", "503@lb", "sick@tg", "nowhere@tg", "oom@svc", "net@sg"), links(house))
	var codes []Code
	for _, f := range r.Findings {
		codes = append(codes, f.Code)
	}
	assert.Equal(t, []Code{"net", "sick", "nowhere", "503", "oom", "advice"}, codes)
	assert.Equal(t, []Ref{{"net", at("sg")}, {"oom", at("svc")}}, r.Findings[1].ExplainedBy)
	assert.Empty(t, r.Findings[0].ExplainedBy)
}

func TestExplainKeepsFindingsThatDifferInEvidence(t *testing.T) {
	twice := append(found("oom@svc"), found("oom@svc", "oom@svc")...)
	twice[2].Evidence[0].Value = "other"
	assert.Len(t, explained(twice, nil).Findings, 2)
}

func TestExplainThousands(t *testing.T) {
	var findings []Finding
	var all []Link
	for i := range 2000 {
		findings = append(findings, found(fmt.Sprintf("oom@task/%d", i), fmt.Sprintf("few@svc/%d", i),
			fmt.Sprintf("sick@tg/%d", i))...)
		all = append(all, links(fmt.Sprintf("tg/%d>svc/%d>task/%d>host", i, i, i))...)
	}
	assert.Len(t, explained(findings, all).Roots(), 2000)
}

func BenchmarkExplain(b *testing.B) {
	var findings []Finding
	var all []Link
	for i := range 1000 {
		findings = append(findings, found(fmt.Sprintf("oom@task/%d", i), fmt.Sprintf("few@svc/%d", i))...)
		all = append(all, links(fmt.Sprintf("svc/%d>task/%d>host", i, i))...)
	}
	for b.Loop() {
		explained(append([]Finding(nil), findings...), all)
	}
}
