package ecsdiag

import (
	"strconv"
	"strings"
)

// older reports a version in dotted numbers that is lower than a floor. What is no such version, as "LATEST", is not
// older than anything.
func older(version, floor string) bool {
	a, ok := numbers(version)
	b, _ := numbers(floor)
	if !ok {
		return false
	}
	for i := range max(len(a), len(b)) {
		if x, y := part(a, i), part(b, i); x != y {
			return x < y
		}
	}
	return false
}

func numbers(version string) ([]int, bool) {
	parts := strings.Split(strings.TrimPrefix(version, "v"), ".")
	all := make([]int, len(parts))
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil {
			return nil, false
		}
		all[i] = n
	}
	return all, true
}

func part(numbers []int, i int) int {
	if i < len(numbers) {
		return numbers[i]
	}
	return 0
}
