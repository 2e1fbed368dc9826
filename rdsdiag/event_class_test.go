package rdsdiag_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/rdsdiag"
)

func TestClassifyEvent(t *testing.T) {
	for _, c := range []struct {
		name, message string
		categories    []string
		want          rdsdiag.EventClass
	}{
		{"wrapped lines", "The DB instance has consumed more\n    than 90% of its allocated\tstorage.", nil,
			rdsdiag.EventStorageLow},
		{"upper case", "DB INSTANCE RESTARTED", nil, rdsdiag.EventRestarted},
		{"category decides where the text does not", "See the console", []string{"low storage"}, rdsdiag.EventStorageLow},
		{"text before category", "DB instance restarted", []string{"creation"}, rdsdiag.EventRestarted},
		{"nothing said", "", []string{"creation"}, rdsdiag.EventOther},
		{"nothing known", "Something else", []string{"notification"}, rdsdiag.EventOther},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, rdsdiag.ClassifyEvent(c.message, c.categories...))
		})
	}
}
