package saved_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/internal/saved"
)

const listTasks = `{"service": "ecs", "operation": "ListTasks", "input": {"cluster": "prod"}, "output": {"taskArns": []}}`

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func zipped(t *testing.T, text string) *fstest.MapFile {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return &fstest.MapFile{Data: b.Bytes()}
}

func TestReadTakesFilesInOrderOfTheirPaths(t *testing.T) {
	documents, err := saved.Read(fstest.MapFS{
		"b/two.json.gz": zipped(t, `[`+listTasks+`, `+listTasks+`]`),
		"c.json":        file(`{"service": "elbv2", "operation": "DescribeRules", "error": {"code": "RuleNotFound", "message": "no"}}`),
		"a.json":        file(listTasks),
		"b/notes.txt":   file("not a document"),
	})
	require.NoError(t, err)
	require.Len(t, documents, 4)
	var files []string
	for _, d := range documents {
		files = append(files, d.File)
	}
	assert.Equal(t, []string{"a.json", "b/two.json.gz", "b/two.json.gz", "c.json"}, files)
	assert.Equal(t, "ecs:ListTasks", documents[0].Action())
	assert.JSONEq(t, `{"cluster": "prod"}`, string(documents[0].Input))
	last := documents[3]
	assert.Equal(t, "elasticloadbalancing:DescribeRules", last.Action())
	assert.JSONEq(t, `{}`, string(last.Input), "a missing input is an empty one")
	assert.Nil(t, last.Output)
	var api smithy.APIError
	require.ErrorAs(t, last.Error.Err(), &api)
	assert.Equal(t, "RuleNotFound", api.ErrorCode())
}

func TestReadSaysWhatIsWrongInOneLine(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no json", "[\n{\"service\": \"ecs\",\n oops}]", `w.json: line 3: not JSON: `},
		{"cut off", `{"service": "ecs"`, `w.json: line 1: not JSON: `},
		{"empty", "", `w.json: line 1: not JSON: `},
		{"no object", `"ecs"`, `want an object with the keys service operation input output error, have "ecs"`},
		{"a list in a list", `[[]]`, `document 1 of 1: want an object with the keys`},
		{"unknown key", `{"service": "ecs", "op": "x"}`, `unknown key "op"; known are service operation input output error`},
		{"no service", strings.Replace(listTasks, "ecs", "", 1), `service "": want the AWS CLI's name of one`},
		{"name for people", strings.Replace(listTasks, "ecs", "Amazon ECS", 1),
			`service "Amazon ECS": want the AWS CLI's name of one, such as ecs or elbv2`},
		{"second document", `[` + listTasks + `, {"service": "ec2"}]`,
			`w.json: document 2 of 2: a call of ec2 without an operation`},
		{"command for operation", strings.Replace(listTasks, "ListTasks", "list-tasks", 1),
			`operation "list-tasks" of ecs: want a name such as DescribeTasks`},
		{"neither", `{"service": "ecs", "operation": "ListTasks"}`,
			`ecs ListTasks has neither output nor error; want one of them`},
		{"null output", `{"service": "ecs", "operation": "ListTasks", "output": null}`, `has neither output nor error`},
		{"both", `{"service": "ecs", "operation": "ListTasks", "output": {}, "error": {"code": "X"}}`,
			`has both output and error; want one of them`},
		{"error without code", `{"service": "ecs", "operation": "ListTasks", "error": {}}`,
			`ecs ListTasks: error without a code`},
		{"list for input", strings.Replace(listTasks, `{"cluster": "prod"}`, `[]`, 1),
			`ecs ListTasks: input: want an object, have a list`},
		{"text for output", strings.Replace(listTasks, `{"taskArns": []}`, `"none"`, 1),
			`ecs ListTasks: output: want an object, have "none"`},
		{"number for service", strings.Replace(listTasks, `"ecs"`, `7`, 1), `service: have a JSON number`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := saved.Read(fstest.MapFS{"w.json": file(test.text)})
			require.ErrorContains(t, err, test.want)
			assert.True(t, strings.HasPrefix(err.Error(), "w.json: "), "names the file: %s", err)
			assert.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestReadRefusesWhatIsNoWorld(t *testing.T) {
	_, err := saved.Read(fstest.MapFS{"notes.txt": file("x")})
	assert.EqualError(t, err, "reading a saved world: no file *.json or *.json.gz in the folder")
	_, err = saved.Read(fstest.MapFS{"w.json.gz": file("no archive")})
	assert.ErrorContains(t, err, "w.json.gz: gzip: invalid header")
	cut := zipped(t, listTasks)
	cut.Data = cut.Data[:len(cut.Data)-6]
	_, err = saved.Read(fstest.MapFS{"w.json.gz": cut})
	assert.ErrorContains(t, err, "w.json.gz: unexpected EOF")
}

func TestServicesAreUniqueUnderEachName(t *testing.T) {
	names, ids := map[string]bool{}, map[string]bool{}
	for _, s := range saved.Services() {
		assert.False(t, names[s.Name] || ids[s.ID], s.Name)
		names[s.Name], ids[s.ID] = true, true
		byID, known := saved.ServiceByID(s.ID)
		assert.True(t, known)
		assert.Equal(t, s, byID)
	}
	made, known := saved.ServiceByID("Cost Explorer")
	assert.False(t, known)
	assert.Equal(t, saved.Service{Name: "costexplorer", Prefix: "costexplorer", ID: "Cost Explorer"}, made)
}
