package diag

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSeverityAndConfidenceText(t *testing.T) {
	for s, want := range map[Severity]string{SeverityInfo: "info", SeverityWarning: "warning", SeverityError: "error",
		0: "Severity(0)", 4: "Severity(4)", -1: "Severity(-1)"} {
		assert.Equal(t, want, s.String())
	}
	for c, want := range map[Confidence]string{Possible: "possible", Likely: "likely", Certain: "certain",
		0: "Confidence(0)"} {
		assert.Equal(t, want, c.String())
	}
	assert.Less(t, SeverityInfo, SeverityWarning)
	assert.Less(t, SeverityWarning, SeverityError)
	assert.Less(t, Possible, Likely)
	assert.Less(t, Likely, Certain)
}

func TestSeverityAndConfidenceRoundTrip(t *testing.T) {
	type both struct {
		S Severity
		C Confidence
	}
	in := both{SeverityWarning, Likely}
	text, err := json.Marshal(in)
	require.NoError(t, err)
	assert.JSONEq(t, `{"S":"warning","C":"likely"}`, string(text))
	var out both
	require.NoError(t, json.Unmarshal(text, &out))
	assert.Equal(t, in, out)
	assert.EqualError(t, new(Severity).UnmarshalText([]byte("fatal")),
		`unknown severity "fatal": want one of [info warning error]`)
	assert.EqualError(t, new(Confidence).UnmarshalText(nil),
		`unknown confidence "": want one of [possible likely certain]`)
}

func TestResourceOf(t *testing.T) {
	for _, tt := range []struct{ name, arn, account, region string }{
		{"with an arn", "arn:aws:ecs:eu-west-1:111122223333:service/prod/api", "111122223333", "eu-west-1"},
		{"global", "arn:aws:iam::111122223333:role/x", "111122223333", ""},
		{"in another partition", "arn:aws-cn:ecs:cn-north-1:111122223333:cluster/x", "111122223333", "cn-north-1"},
		{"without", "", "", ""},
		{"malformed", "prod/api", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, Resource{"T", "id", tt.arn, tt.account, tt.region}, ResourceOf("T", "id", tt.arn))
		})
	}
}

func TestResource(t *testing.T) {
	r := Resource{Type: "AWS::ECS::Service", ID: "prod/api"}
	assert.Equal(t, "ECS::Service prod/api", r.String())
	assert.Equal(t, "X arn:x", Resource{Type: "X", ARN: "arn:x"}.String())
	assert.True(t, Resource{Account: "1", Region: "r"}.IsZero())
	assert.False(t, r.IsZero())
	assert.Equal(t, Resource{Type: r.Type, ID: r.ID, Account: "1", Region: "r"}, r.In("1", "r"))
	assert.Equal(t, r.In("1", "r"), r.In("1", "r").In("2", "s"))
	assert.Negative(t, compareResources(Resource{Type: "A", ID: "z"}, Resource{Type: "B", ID: "a"}))
	assert.Equal(t, r.key(), Resource{Type: r.Type, ID: r.ID, ARN: "arn:x"}.key())
}

func TestWindow(t *testing.T) {
	w := Last(time.Hour, noon)
	assert.Equal(t, time.Hour, w.Duration())
	assert.True(t, w.Contains(w.Start))
	assert.False(t, w.Contains(w.End))
	assert.False(t, w.Contains(w.Start.Add(-1)))
	assert.NoError(t, w.Validate())
	assert.EqualError(t, Window{noon, noon}.Validate(),
		"window from 2026-03-01T12:00:00Z to 2026-03-01T12:00:00Z: the end must lie after the start")
}

func TestMechanismsAreClosed(t *testing.T) {
	seen := map[Mechanism]bool{}
	for _, m := range Mechanisms() {
		assert.False(t, seen[m], "%s stands twice", m)
		assert.Regexp(t, `^[a-z]+(-[a-z]+)*$`, string(m))
		seen[m] = true
	}
	assert.Len(t, seen, 25)
}

func TestValidate(t *testing.T) {
	good := Info{Code: "toy.queue-stuck", Title: "Queue stuck", Doc: "It is.", Severity: SeverityError,
		Actions: []string{"toy:ReadAll"},
		Breaks:  []Mechanism{Application}, Needs: []Mechanism{NetworkPath}}
	for _, tt := range []struct {
		name   string
		change func(*Info)
		want   string
	}{
		{"good", func(*Info) {}, ""},
		{"code", func(i *Info) { i.Code = "QueueStuck" },
			`check "QueueStuck": code must be of the form "package.what-is-wrong"`},
		{"code with empty words", func(i *Info) { i.Code = "toy.a--b" },
			`check "toy.a--b": code must be of the form "package.what-is-wrong"`},
		{"title", func(i *Info) { i.Title = "" }, `check "toy.queue-stuck": title must be one line`},
		{"title of two lines", func(i *Info) { i.Title = "a\nb" }, `check "toy.queue-stuck": title must be one line`},
		{"doc", func(i *Info) { i.Doc = "" }, `check "toy.queue-stuck": doc is missing`},
		{"severity", func(i *Info) { i.Severity = 0 }, `check "toy.queue-stuck": severity is missing`},
		{"confidence", func(i *Info) { i.Confidence = 7 }, `check "toy.queue-stuck": confidence 7 is none`},
		{"no actions", func(i *Info) { i.Actions = nil }, `check "toy.queue-stuck": actions are missing`},
		{"action", func(i *Info) { i.Actions = []string{"toy.read"} },
			`check "toy.queue-stuck": action "toy.read" must be of the form "service:Operation"`},
		{"mechanism", func(i *Info) { i.Needs = []Mechanism{"luck"} },
			`check "toy.queue-stuck": mechanism "luck" is none of`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			info := good
			tt.change(&info)
			err := Validate(info)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, tt.want)
		})
	}
	assert.EqualError(t, Validate(good, good), "code toy.queue-stuck stands twice")
	assert.NoError(t, Validate())
}
