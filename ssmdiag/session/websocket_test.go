package session

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/awsdiag/awsdiag/diag"
)

func TestSign(t *testing.T) {
	key := credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")
	broken := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, errors.New("expired")
	})
	const address = "wss://ssmmessages.eu-central-1.amazonaws.com/v1/data-channel/x?role=publish_subscribe"
	for _, tt := range []struct {
		name, address string
		credentials   aws.CredentialsProvider
		want          string // in the header
		bad           bool
	}{
		{"signed", address, key, "/eu-central-1/ssmmessages/aws4_request", false},
		{"without credentials", address, nil, "", false},
		{"signed already", address + "&X-Amz-Signature=1", key, "", false},
		{"credentials that cannot be had", address, broken, "", true},
		{"no address", "wss://%zz", key, "", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &Client{options: Options{Credentials: tt.credentials}}
			header, err := c.sign(t.Context(), tt.address)
			assert.Equal(t, tt.bad, err != nil)
			assert.Contains(t, header.Get("Authorization"), tt.want)
			assert.Equal(t, tt.want == "", header.Get("Authorization") == "")
		})
	}
}

func TestConnectErrors(t *testing.T) {
	for status, want := range map[int]diag.Kind{403: diag.KindDenied, 401: diag.KindDenied, 503: diag.KindUnreachable} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		c := &Client{options: Options{HTTPClient: server.Client()}}
		_, err := c.connect(t.Context(), strings.Replace(server.URL, "http", "ws", 1), "token", "id")
		assert.Equal(t, want, diag.KindOf(err), status)
		server.Close()
	}
}

func TestConnectErrorsDoNotTellTheAddress(t *testing.T) {
	c := &Client{options: Options{HTTPClient: http.DefaultClient}}
	_, err := c.connect(t.Context(), "ws://127.0.0.1:1/x?X-Amz-Signature=hidden", "token", "id")
	require.Error(t, err)
	assert.Equal(t, diag.KindUnreachable, diag.KindOf(err))
	assert.NotContains(t, err.Error(), "hidden")
}
