package diag

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSettle(t *testing.T) {
	until := func(minutes int) func(*Finding) {
		return func(f *Finding) { f.Until = noon.Add(time.Duration(minutes) * time.Minute) }
	}
	for _, tt := range []struct {
		name     string
		findings []Finding
		noticed  int
		want     string
	}{
		{"over ten minutes before", with(found("oom@svc"), until(10)), 21, ""},
		{"over shortly before", with(found("oom@svc"), until(10)), 20, "oom@svc"},
		{"what was asked about, over half an hour before", with(found("few@svc"), until(10)), 41, ""},
		{"what was asked about, over a while before", with(found("few@svc"), until(10)), 40, "few@svc"},
		{"nobody said when", with(found("oom@svc"), until(10)), 0, "oom@svc"},
		{"not known to be over", found("oom@svc"), 90, "oom@svc"},
		{"with all that it explains", with(found("oom@svc", "few@svc"), until(10)), 90, ""},
		{"what it explains goes on", append(with(found("oom@svc"), until(10)), found("few@svc")...), 90, "oom@svc(few@svc)"},
		{"what explains it goes on", append(with(found("few@svc"), until(10)), found("oom@svc")...), 90, "oom@svc(few@svc)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &Report{Findings: tt.findings}
			noticed := time.Time{}
			if tt.noticed > 0 {
				noticed = noon.Add(time.Duration(tt.noticed) * time.Minute)
			}
			r.explain(toyInfos, []Mechanism{TaskCount}, noticed)
			assert.Equal(t, tt.want, outline(r.Roots()))
		})
	}
}
