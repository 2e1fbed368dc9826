package diagtest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readPrefixes begin the names of operations that read.
var readPrefixes = []string{"Describe", "List", "Get", "BatchGet", "Lookup", "Filter", "Simulate", "Search"}

// notReads are operations whose names look like reads but which hand out secrets, credentials or what customers keep.
var notReads = []string{
	"GetSecretValue", "BatchGetSecretValue", "GetPasswordData", "GetObject", "GetRandomPassword", "GetParametersForImport",
}

// notReadSuffixes end the names of operations that hand out credentials: GetSessionToken, GetRoleCredentials.
var notReadSuffixes = []string{"Token", "Credentials", "CredentialsWithIAM", "CredentialsForIdentity"}

// ReadOnly asserts that the interface type I has between one and eight methods and that each is an AWS operation which
// only reads. also names operations of other classes ("StartQuery") that the interface may have.
func ReadOnly[I any](t testing.TB, also ...string) {
	t.Helper()
	typ := reflect.TypeFor[I]()
	require.Equal(t, reflect.Interface, typ.Kind(), "%s is no interface", typ)
	assert.NotZero(t, typ.NumMethod(), "%s has no methods", typ)
	assert.LessOrEqual(t, typ.NumMethod(), 8, "%s is too wide", typ)
	for i := range typ.NumMethod() {
		name := typ.Method(i).Name
		assert.True(t, slices.Contains(also, name) || reads(name), "%s.%s is not a read", typ, name)
	}
}

func reads(operation string) bool {
	begins := func(prefix string) bool { return strings.HasPrefix(operation, prefix) }
	ends := func(suffix string) bool { return strings.HasSuffix(operation, suffix) }
	return slices.ContainsFunc(readPrefixes, begins) && !slices.Contains(notReads, operation) &&
		!slices.ContainsFunc(notReadSuffixes, ends)
}
