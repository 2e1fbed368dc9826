package diagtest_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag"
	"github.com/awsdiag/awsdiag/diag/diagtest"
)

// recorder is a test that notes its failure instead of failing.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Name() string          { return "recorded" }
func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) FailNow()              { r.failed = true; runtime.Goexit() }

// fails reports whether a test fails.
func fails(test func(testing.TB)) bool {
	r := &recorder{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(r)
	}()
	<-done
	return r.failed
}

func TestRun(t *testing.T) {
	subject, _ := world(200, 1)()
	report := diagtest.Run(t, subject, stuck())
	diagtest.Want(t, report, "toy.queue-stuck")
	assert.Equal(t, "queue q0 has 200 messages waiting", diagtest.Only(t, report, "toy.queue-stuck").Summary)

	subject, fakes := world(200)()
	fakes[0].Deny("toy:ReadQueue")
	assert.False(t, fails(func(tb testing.TB) { diagtest.Run(tb, subject, stuck()) }), "inconclusive is left to the test")
	for _, broken := range []run{
		func(context.Context, *queues) ([]diag.Finding, error) { panic("x") },
		func(context.Context, *queues) ([]diag.Finding, error) {
			return []diag.Finding{{Summary: "no evidence"}}, nil
		},
	} {
		c := stuck()
		c.Run = broken
		assert.True(t, fails(func(tb testing.TB) { diagtest.Run(tb, subject, c) }))
	}
}

func TestWantAndOnly(t *testing.T) {
	two, _ := world(200, 300)()
	report := diagtest.Run(t, two, stuck())
	denied := &diag.Report{Findings: report.Findings,
		Inconclusive: []diag.Inconclusive{{Code: "toy.queue-stuck", Kind: diag.KindDenied}}}
	for _, tt := range []struct {
		name   string
		report *diag.Report
		codes  []diag.Code
		fails  bool
	}{
		{"each finding once", report, []diag.Code{"toy.queue-stuck", "toy.queue-stuck"}, false},
		{"one missing", report, []diag.Code{"toy.queue-stuck"}, true},
		{"none expected", report, nil, true},
		{"none at all", &diag.Report{}, nil, false},
		{"inconclusive", denied, []diag.Code{"toy.queue-stuck", "toy.queue-stuck"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.fails, fails(func(tb testing.TB) { diagtest.Want(tb, tt.report, tt.codes...) }))
		})
	}
	assert.True(t, fails(func(tb testing.TB) { diagtest.Only(tb, report, "toy.queue-stuck") }), "two are not one")
	assert.True(t, fails(func(tb testing.TB) { diagtest.Only(tb, report, "toy.other") }))
}

type (
	describes interface {
		DescribeTasks()
		ListTasks()
		GetParameter()
		LookupEvents()
	}
	none     interface{}
	updates  interface{ UpdateService() }
	reveals  interface{ GetSecretValue() }
	lends    interface{ GetSessionToken() }
	lendsToo interface{ GetRoleCredentials() }
	queries  interface{ StartQuery() }
	wide     interface {
		GetA()
		GetB()
		GetC()
		GetD()
		GetE()
		GetF()
		GetG()
		GetH()
		GetI()
	}
)

func TestReadOnly(t *testing.T) {
	for i, tt := range []struct {
		test  func(testing.TB)
		fails bool
	}{
		{func(tb testing.TB) { diagtest.ReadOnly[describes](tb) }, false},
		{func(tb testing.TB) { diagtest.ReadOnly[none](tb) }, true},
		{func(tb testing.TB) { diagtest.ReadOnly[updates](tb) }, true},
		{func(tb testing.TB) { diagtest.ReadOnly[reveals](tb) }, true},
		{func(tb testing.TB) { diagtest.ReadOnly[lends](tb) }, true},
		{func(tb testing.TB) { diagtest.ReadOnly[lendsToo](tb) }, true},
		{func(tb testing.TB) { diagtest.ReadOnly[queries](tb) }, true},
		{func(tb testing.TB) { diagtest.ReadOnly[queries](tb, "StartQuery") }, false},
		{func(tb testing.TB) { diagtest.ReadOnly[wide](tb) }, true},
		{func(tb testing.TB) { diagtest.ReadOnly[int](tb) }, true},
	} {
		assert.Equal(t, tt.fails, fails(tt.test), fmt.Sprint("case ", i))
	}
}
