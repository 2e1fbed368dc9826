package triage

import (
	"encoding/base64"
	"encoding/json"
	"maps"

	"github.com/awsdiag/awsdiag/diag"
)

// cursor says behind which resource each scope goes on.
type cursor struct {
	Version int               `json:"v"`
	Kind    SweepKind         `json:"kind"`
	After   map[string]string `json:"after"` // by "account/region"
}

const cursorVersion = 1

func readCursor(text string, kind SweepKind) (cursor, error) {
	c := cursor{Version: cursorVersion, Kind: kind, After: map[string]string{}}
	if text == "" {
		return c, nil
	}
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(plain, &c)
	}
	switch {
	case err != nil:
		return c, diag.Errorf(diag.KindInvalid, "cursor %q: not one that a sweep gave: %w", short(text, 40), err)
	case c.Version != cursorVersion:
		return c, diag.Errorf(diag.KindInvalid, "cursor of version %d: want %d", c.Version, cursorVersion)
	case c.Kind != kind:
		return c, diag.Errorf(diag.KindInvalid, "cursor of a sweep of %s: this one is of %s", c.Kind, kind)
	case c.After == nil:
		c.After = map[string]string{}
	}
	c.After = maps.Clone(c.After)
	return c, nil
}

// String returns the cursor for a program to keep. It holds names of resources, and no secret.
func (c cursor) String() string {
	text, err := json.Marshal(c) // maps are written in the order of their keys
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

func (c cursor) pass(s Scope, name string) { c.After[place(s)] = name }

func (c cursor) after(s Scope) string { return c.After[place(s)] }

func place(s Scope) string { return s.Account + "/" + s.Region }
