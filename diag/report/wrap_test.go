package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func wrapped(text string, width int) []string {
	return drawn(wrap(cells([]span{{text, normal}}), width))
}

func drawn(lines [][]cell) []string {
	var out []string
	for _, line := range lines {
		var b strings.Builder
		for _, c := range line {
			b.WriteRune(c.r)
		}
		out = append(out, b.String())
	}
	return out
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		name, text string
		width      int
		want       []string
	}{
		{"fits", "a task", 6, []string{"a task"}},
		{"at the last space", "one two three", 8, []string{"one two", "three"}},
		{"a space just behind the edge", "four five", 4, []string{"four", "five"}},
		{"a number with its unit", "rose to 100 % since", 12, []string{"rose to", "100 % since"}},
		{"a unit just behind the edge", "rose to 100 %", 11, []string{"rose to", "100 %"}},
		{"a number without a unit", "at 100 times", 7, []string{"at 100", "times"}},
		{"an ARN after a separator", "arn:aws:ecs:cluster/prod", 14, []string{"arn:aws:ecs:", "cluster/prod"}},
		{"a long word anywhere", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"a long word behind a short one", "a bbbbbbbbbbbb", 9, []string{"a", "bbbbbbbbb", "bbb"}},
		{"wide characters count double", "東京大阪", 5, []string{"東京", "大阪"}},
		{"marks count nothing", "e\u0301e\u0301 x", 2, []string{"e\u0301e\u0301", "x"}},
		{"one wide character on a narrow line", "東京", 1, []string{"東", "京"}},
		{"empty", "", 5, []string{""}},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, wrapped(test.text, test.width)) })
	}
}

func TestClip(t *testing.T) {
	text := cells([]span{{"one two three four", normal}})
	assert.Equal(t, []string{"one two", "three…"}, drawn(clip(text, 7, 2, "…")))
	assert.Equal(t, []string{"one two", "three", "four"}, drawn(clip(text, 7, 0, "…")))
	assert.Equal(t, []string{"one..."}, drawn(clip(text, 7, 1, "...")))
}

func TestArguments(t *testing.T) {
	for _, test := range []struct {
		name, command string
		want          []string
	}{
		{"words", "aws ecs  list-tasks", []string{"aws", "ecs", "list-tasks"}},
		{"single quotes", "aws --query 'a b' x", []string{"aws", "--query", "'a b'", "x"}},
		{"double quotes with a quote inside", `aws "a \" b" c`, []string{"aws", `"a \" b"`, "c"}},
		{"an escaped space", `aws a\ b`, []string{"aws", `a\ b`}},
		{"a backslash in single quotes", `aws 'a\' b`, []string{"aws", `'a\'`, "b"}},
		{"an open quote", "aws 'a b", []string{"aws", "'a b"}},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, arguments(test.command)) })
	}
}
