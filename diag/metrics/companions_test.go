package metrics

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func named(name string, s Series) Series {
	s.Metric.Name = name
	return s
}

// TestCompanions tells what changed with a series from what only lives beside it.
func TestCompanions(t *testing.T) {
	step := func(at int, from, to float64, n int) []float64 {
		values := make([]float64, n)
		for i := range values {
			values[i] = from + float64(i%3)*from/200
			if i >= at {
				values[i] += to - from
			}
		}
		return values
	}
	errors := named("errors", seriesOf("Average", step(30, 10, 200, 48)...))
	others := []Series{
		named("connections", seriesOf("Average", step(29, 100, 400, 48)...)),
		named("free memory", seriesOf("Average", step(31, 900, 100, 48)...)),
		named("earlier", seriesOf("Average", step(18, 100, 400, 48)...)),
		named("calm", seriesOf("Average", step(99, 50, 50, 48)...)), errors,
	}
	var names []string
	for _, c := range Companions(errors, Rise, others...) {
		names = append(names, c.Series.Metric.Name)
		assert.InDelta(t, 0, c.Relation.Lag, float64(standardPeriod))
	}
	assert.Equal(t, []string{"connections", "free memory"}, names)
}

// TestCompanionsByChance bounds how often series that have nothing to do with each other are taken for companions.
func TestCompanionsByChance(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	const tries = 400
	wrong := 0
	for range tries {
		n := 60 + r.IntN(100)
		a := named("a", generate(r, shapes["step"], 20+r.IntN(n-30), n, "Average"))
		b := named("b", generate(r, shapes["calm"], 0, n, "Average"))
		wrong += len(Companions(a, Rise, b))
	}
	t.Logf("companions by chance: %d of %d", wrong, tries)
	assert.LessOrEqual(t, wrong, tries/50)
}

func TestRelateAtOnset(t *testing.T) {
	a := seriesOf("Sum", slices.Concat(repeated(0, 20), repeated(50, 10))...)
	b := seriesOf("Sum", slices.Concat(repeated(0, 22), repeated(70, 8))...)
	r, ok := Relate(a, Rise, b, Rise)
	assert.True(t, ok)
	assert.Equal(t, 10*time.Minute, r.Lag)
	assert.InDelta(t, 0.82, r.AtOnset, 0.05)
}

func repeated(v float64, n int) []float64 { return slices.Repeat([]float64{v}, n) }
