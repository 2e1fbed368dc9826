package rdsdiag

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

// TestEvaluateFormula holds the limits that "Maximum connections to an Aurora MySQL DB instance" and "Maximum number of
// database connections" document for instance classes.
func TestEvaluateFormula(t *testing.T) {
	aurora := engineLimitOf("aurora-mysql").value
	for _, c := range []struct {
		name, formula, class string
		want                 float64
	}{
		{"a number", "120", "db.m6g.large", 120},
		{"PostgreSQL", "LEAST({DBInstanceClassMemory/9531392},5000)", "db.m6g.large", 901},
		{"PostgreSQL at its most", "LEAST({DBInstanceClassMemory/9531392}, 5000)", "db.r6g.4xlarge", 5000},
		{"MySQL", "{DBInstanceClassMemory/12582880}", "db.t3.medium", 341},
		{"Aurora MySQL small", aurora, "db.t3.small", 45},
		{"Aurora MySQL medium", aurora, "db.t3.medium", 90},
		{"Aurora MySQL 16xlarge", aurora, "db.r5.16xlarge", 6000},
		{"Aurora MySQL 24xlarge", aurora, "db.r5.24xlarge", 7000},
		{"Aurora MySQL large", aurora, "db.r5.large", 1000},
		{"Aurora MySQL xlarge", aurora, "db.r5.xlarge", 2000},
		{"Aurora MySQL 2xlarge", aurora, "db.r5.2xlarge", 3000},
		{"Aurora MySQL 12xlarge", aurora, "db.r5.12xlarge", 6000},
		{"sum", "SUM({DBInstanceClassMemory/1073741824},-6)", "db.m5.large", 2},
		{"vcpu", "{DBInstanceVCPU*2}", "db.m5.2xlarge", 16},
		{"more memory", "{DBInstanceClassMemory/1073741824}", "db.r5.4xlarge.tpc1.mem2x", 256},
		{"three quarters", "{DBInstanceClassMemory*3/4}", "db.t2.micro", 805306368},
	} {
		t.Run(c.name, func(t *testing.T) {
			class := classOf(c.class)
			got, err := EvaluateFormula(c.formula, map[string]float64{"DBInstanceClassMemory": class.memory,
				"DBInstanceVCPU": class.vcpus})
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestEvaluateFormulaRefuses(t *testing.T) {
	for _, formula := range []string{"", "{", "abc", "LEAST(1,2", "MEDIAN(1,2)", "1/0", "{DBInstanceClassMemory/9531392}",
		"((((((((((((((((((1))))))))))))))))))", "5 5"} {
		_, err := EvaluateFormula(formula, nil)
		assert.Equal(t, diag.KindInvalid, diag.KindOf(err), "%q: %v", formula, err)
	}
}

func TestClassOf(t *testing.T) {
	for class, want := range map[string]float64{
		"db.t4g.medium": 4, "db.m4.10xlarge": 160, "db.r4.large": 15.25, "db.r6i.32xlarge": 1024, "db.x2g.large": 32,
		"db.m7i.large":    8,
		"db.x1e.32xlarge": 3904, "db.x2iedn.xlarge": 128, "db.m3.medium": 3.75, "db.z1d.large": 16, "db.r8g.48xlarge": 1536,
		"db.serverless": 0, "db.q9.large": 0, "": 0, "db.m6g.metal": 0,
	} {
		assert.Equal(t, want*gib, classOf(class).memory, class)
	}
}

func FuzzEvaluateFormula(f *testing.F) {
	f.Add("LEAST({DBInstanceClassMemory/9531392},5000)")
	f.Add("{log(DBInstanceClassMemory/805306368)*45}")
	f.Fuzz(func(_ *testing.T, formula string) {
		_, _ = EvaluateFormula(formula, map[string]float64{"DBInstanceClassMemory": 8 * gib})
	})
}
