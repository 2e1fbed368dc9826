package triage_test

import (
	"bufio"
	"encoding/json"
	"github.com/awsdiag/awsdiag/triage"
	"os"
	"path/filepath"
	"testing"
)

func TestTmp(t *testing.T) {
	fs, _ := filepath.Glob("/work/shared/corpus/*.jsonl")
	for _, f := range fs {
		h, _ := os.Open(f)
		sc := bufio.NewScanner(h)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			var m struct{ Text, Label string }
			json.Unmarshal(sc.Bytes(), &m)
			n := triage.ReadNotice(m.Text)
			x := m.Text
			if len(x) > 110 {
				x = x[:110]
			}
			t.Logf("%s|%v|%v|%q", m.Label, n.Kinds, n.Resources, x)
		}
	}
}
