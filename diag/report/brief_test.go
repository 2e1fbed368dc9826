package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
)

func TestBriefLeavesOutTheDateOfTheReport(t *testing.T) {
	p := newPage(false, 100, false)
	assert.Equal(t, "at 2026-03-02T07:56:40Z", p.brief("at 2026-03-02T07:56:40Z"), "not before the page knows its day")
	p.dated(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	for text, want := range map[string]string{
		"at 2026-03-02T07:56:40Z":                               "at 07:56:40",
		"from 2026-03-02 07:56:40Z to 2026-03-02 08:00:00.123Z": "from 07:56:40 to 08:00:00",
		"deleted on 2026-03-09T07:56:40Z":                       "deleted on 2026-03-09T07:56:40Z",
		"v2026-03-02":                                           "v2026-03-02",
		"12026-03-02T07:56:40Z":                                 "12026-03-02T07:56:40Z",
	} {
		assert.Equal(t, want, p.brief(text))
	}
}

func TestClipEndsWithAWord(t *testing.T) {
	for text, want := range map[string]string{
		"ab cd, ef gh": "ab cd…", "abcd (ef) gh": "abcd…", "abcd · ef gh": "abcd…", "abcdefg hi": "abcdefg…",
	} {
		lines := clip(cells([]span{{text, normal}}), 8, 1, "…")
		var got strings.Builder
		for _, c := range lines[0] {
			got.WriteRune(c.r)
		}
		assert.Equal(t, want, got.String())
	}
}

func TestRepeatsAreToldOnceInEveryForm(t *testing.T) {
	request := func(n string) string { return "failed, RequestID: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f" + n }
	r := reported(after(1, "service-event", request("0")), after(2, "service-event", "started"),
		after(3, "service-event", request("1")), after(4, "service-event", "started"), after(5, "service-event", request("2")))
	text := rendered(t, r)
	assert.Contains(t, text, "08:01:00  prod/web: failed, RequestID: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0  (×3, until 08:05:00)")
	assert.Contains(t, text, "08:02:00  prod/web: started  (×2, until 08:04:00)")
	for name, write := range map[string]func(*bytes.Buffer) error{
		"markdown": func(b *bytes.Buffer) error { return Markdown(b, r) },
		"html":     func(b *bytes.Buffer) error { return HTML(b, r) },
	} {
		var b bytes.Buffer
		assert.NoError(t, write(&b), name)
		assert.Contains(t, b.String(), "(×3, until 08:05:00)", name)
		assert.Equal(t, 1, strings.Count(b.String(), "a5b4c3d2e1f"), name)
	}
}

func TestHowOftenIsToldOfALongEventToo(t *testing.T) {
	long := "stopped: " + strings.Repeat("for a reason of many words ", 12)
	text := rendered(t, reported(after(1, "service-event", long), after(2, "service-event", long)))
	text = text[strings.Index(text, "it begins"):]
	assert.Regexp(t, `[a-z]…  \(×2, until 08:02:00\)\n`, text)
	assert.Equal(t, 2, strings.Count(text[strings.Index(text, "08:01:00"):strings.Index(text, "(×2")], "\n")+1, "two lines")
}

func TestRelatedAreNamedOnce(t *testing.T) {
	r := reported()
	definition := diag.Resource{Type: "AWS::ECS::TaskDefinition", ID: "web:7"}
	for _, arn := range []string{"", "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7"} {
		definition.ARN = arn
		r.Findings[0].Related = append(r.Findings[0].Related, diag.Related{Resource: definition, Role: "runs"})
	}
	assert.Contains(t, rendered(t, r), "Involved  runs task definition web:7\n")
}

func TestIAMIsNoRegionsOwn(t *testing.T) {
	assert.Equal(t, "IAM role app, account 111122223333",
		placed(diag.Resource{Type: "AWS::IAM::Role", ID: "app", Account: "111122223333", Region: "eu-west-1"}))
}
