package ecstext

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func FuzzRead(f *testing.F) {
	for _, s := range documented(f) {
		f.Add(s.text)
	}
	for _, r := range readers {
		for _, line := range corpus(f, r.kind) {
			f.Add(line.Text)
		}
	}
	listed := map[Cause]bool{}
	for _, cause := range Causes() {
		listed[cause] = true
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := ServiceEvent(text)
		assert.True(t, listed[m.Cause], "%s", m.Cause)
		for name, value := range stringFields(m.Fields) {
			assert.Contains(t, text, value, "field %s", name)
		}
	})
}

// stringFields returns every text in the fields by name.
func stringFields(fields Fields) map[string]string {
	values := map[string]string{"TaskIDs": ""}
	v := reflect.ValueOf(fields)
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.String {
			values[v.Type().Field(i).Name] = v.Field(i).String()
		}
	}
	for _, id := range fields.TaskIDs {
		values["TaskIDs "+id] = id
	}
	return values
}

func BenchmarkStoppedReason(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"steady", "(service web) has reached a steady state."},
		{"secret", "ResourceInitializationError: unable to pull secrets or registry auth: execution " +
			"resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): " +
			"failed to " +
			"fetch secret arn:aws:secretsmanager:eu-west-1:210987654321:secret:db-AbCdEf from secrets manager: " +
			"AccessDeniedException: User: arn:aws:sts::210987654321:assumed-role/exec/x is not authorized to perform: " +
			"secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:210987654321:secret:db-AbCdEf"},
		{"unknown", strings.Repeat("nothing that anybody knows ", 20)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				StoppedReason(c.text)
			}
		})
	}
}
