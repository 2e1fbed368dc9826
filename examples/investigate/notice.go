package main

import (
	"fmt"
	"io"
	"os"

	"github.com/awsdiag/awsdiag/triage"
)

// maxNotice is how much of a notice is read: more than any alert has.
const maxNotice = 1 << 20

// readNotice takes from a text what the flags leave open.
func (q *question) readNotice() error {
	var from io.Reader = os.Stdin
	if q.notice != "-" {
		file, err := os.Open(q.notice)
		if err != nil {
			return fmt.Errorf("-notice: %w; want a file that can be read, or - for standard input", err)
		}
		defer func() { _ = file.Close() }() // it was only read
		from = file
	}
	text, err := io.ReadAll(io.LimitReader(from, maxNotice))
	if err != nil {
		return fmt.Errorf("-notice %q: %w", q.notice, err)
	}
	read, err := triage.ReadNotice(string(text)).Symptom()
	if err != nil && q.target == "" {
		return fmt.Errorf("-notice %q: %w; or name it with -target", q.notice, err)
	}
	if q.target == "" {
		q.symptom.Target, q.symptom.TargetType = read.Target, read.TargetType
	}
	if q.kind == "" {
		q.symptom.Kind = read.Kind
	}
	if q.symptom.Since.IsZero() && !read.Since.After(q.now) {
		q.symptom.Since = read.Since
	}
	q.symptom.Note = read.Note
	return nil
}
