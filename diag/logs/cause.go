package logs

import (
	"slices"
	"sync"

	"github.com/awsdiag/awsdiag/diag"
)

// Weight says what a cause means for the program that logs it.
type Weight int

const (
	// Noise is the world's fault or the client's: worth counting, seldom worth waking somebody.
	Noise Weight = iota + 1
	// Fails means that something which the program wanted did not work.
	Fails
	// Ends means that the program, or a worker of it, does not start or does not go on.
	Ends
)

// Cause is one kind of trouble that programs and platforms write into logs.
type Cause struct {
	// Stem is the code without its package: the check of it has the code "logs." + Stem.
	Stem string
	// Title names it in a few words.
	Title string
	// Doc explains it in a sentence.
	Doc    string
	Weight Weight
	Breaks []diag.Mechanism
	Needs  []diag.Mechanism
	// Advice says what a person may do next.
	Advice string
}

// Causes returns the table of causes, by stem.
func Causes() []*Cause { return slices.Clone(causeTable().list) }

type causeIndex struct {
	list   []*Cause
	byStem map[string]*Cause
}

var causeTable = sync.OnceValue(func() causeIndex {
	index := causeIndex{byStem: map[string]*Cause{}}
	for _, c := range slices.Concat(databaseCauses(), networkCauses(), runtimeCauses(), platformCauses()) {
		index.list = append(index.list, &c)
		index.byStem[c.Stem] = &c
	}
	slices.SortFunc(index.list, func(a, b *Cause) int { return compare(a.Stem, b.Stem) })
	return index
})

// causeOf returns the cause of a stem. A test proves that every rule names one.
func causeOf(stem string) *Cause { return causeTable().byStem[stem] }

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
