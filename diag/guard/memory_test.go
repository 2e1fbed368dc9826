package guard

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/stretchr/testify/assert"
)

// fill lets n answers of a size land and returns the memory.
func fill(n, size int) *answers {
	a := &answers{}
	for i := range n {
		k := key{byte(i), byte(i >> 8)}
		f, mine := a.claim(k, false)
		if !mine {
			continue
		}
		a.fly(k, f, func() answer {
			return answer{result: &ecs.ListTasksOutput{TaskArns: []string{string(make([]byte, size))}}}
		})
	}
	return a
}

func TestMemoryIsBounded(t *testing.T) {
	const size = maxMemory / 8
	a := fill(40, size)
	assert.LessOrEqual(t, a.size, maxMemory)
	assert.Len(t, a.byKey, len(a.kept))
	assert.Len(t, a.kept, 7, "seven fit, each a little larger than an eighth")
	assert.Equal(t, key{33}, a.kept[0], "the oldest went first")
	_, mine := a.claim(key{39}, false)
	assert.False(t, mine, "the newest is known")
	_, mine = a.claim(key{0}, false)
	assert.True(t, mine, "the oldest is asked for again")
}

func TestAnAnswerThatWouldPushOutAllOthersIsNotKept(t *testing.T) {
	a := fill(1, maxMemory/4)
	assert.Empty(t, a.byKey)
	assert.Zero(t, a.size)
}

func TestAPanicFreesWhoWaits(t *testing.T) {
	a := &answers{}
	f, _ := a.claim(key{}, false)
	assert.Panics(t, func() { a.fly(key{}, f, func() answer { panic("in the SDK") }) })
	<-f.done
	_, mine := a.claim(key{}, false)
	assert.True(t, mine)
}
