package logs_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/awsdiag/awsdiag/diag/diagtest"
	"github.com/awsdiag/awsdiag/diag/logs"
)

func TestParseSpeaks(t *testing.T) {
	for text, want := range map[string]logs.Speaks{
		`2026/02/11 14:00:00 [info] 31#31: *1 client sent invalid method while reading client request line, request: "\x16\x03\x01\x02\x00"`:  logs.TLSToPlain,
		`10.0.1.5 - - [11/Feb/2026:14:00:00 +0000] "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03" 400 157 "-" "-"`:                            logs.TLSToPlain,
		`[WARNING] Invalid request from ip=10.0.1.5: Invalid HTTP request line: '\x16\x03\x01\x02\x00\x01'`:                                   logs.TLSToPlain,
		`Invalid character found in method name [0x160x030x010x020x00]. HTTP method names must be tokens`:                                     logs.TLSToPlain,
		`Invalid character found in method name [0x16 0x03 0x01]. HTTP method names must be tokens`:                                           logs.TLSToPlain,
		`Bad request: Invalid request line: '\u0016\u0003\u0001'`:                                                                             logs.TLSToPlain,
		`You're accessing the development server over HTTPS, but it only supports HTTP.`:                                                      logs.TLSToPlain,
		`HTTP parse error, malformed request: Are you trying to open an SSL connection to a non-SSL Puma?`:                                    logs.TLSToPlain,
		`10.0.1.5:41234 Invalid request (Unsupported SSL request)`:                                                                            logs.TLSToPlain,
		`org.eclipse.jetty.http.BadMessageException: 400: Illegal character CNTL=0x16`:                                                        logs.TLSToPlain,
		`http: TLS handshake error from 10.0.1.5:41234: client sent an HTTP request to an HTTPS server`:                                       logs.PlainToTLS,
		`*1 client sent plain HTTP request to HTTPS port while reading client request headers; The plain HTTP request was sent to HTTPS port`: logs.PlainToTLS,
		`io.netty.handler.ssl.NotSslRecordException: not an SSL/TLS record: 474554202f`:                                                       logs.PlainToTLS,
		`javax.net.ssl.SSLException: Unsupported or unrecognized SSL message`:                                                                 logs.PlainToTLS,
		`ssl.SSLError: [SSL: HTTP_REQUEST] http request (_ssl.c:1006)`:                                                                        logs.PlainToTLS,
		`GET /health 200`: "",
		`TLS handshake error from 10.0.1.5:41234: EOF`:                  "",
		`connect to https://db.example failed: certificate has expired`: "",
		`listening on https://0.0.0.0:8443`:                             "",
		"":                                                              "",
	} {
		assert.Equal(t, want, logs.ParseSpeaks(text), text)
	}
}

func TestSpeaksOtherProtocol(t *testing.T) {
	const said = `Invalid HTTP request line: '\x16\x03\x01'`
	f := diagtest.Only(t, diagtest.Run(t, listens(client(minutes(said, 20, 15, 10)...), 8000), logs.SpeaksOtherProtocol),
		"logs.speaks-other-protocol")
	assert.Contains(t, f.Summary, "the program is spoken to in TLS, and speaks plain HTTP: 3 lines of the log")
	assert.Contains(t, f.Summary, "on port 8000")
	assert.Contains(t, f.NextSteps[0].Text, "speak HTTP to the program")

	// Scanners speak TLS to every port now and then, and where all is reached nobody asks.
	diagtest.Want(t, diagtest.Run(t, listens(client(minutes(said, 20, 15)...), 8000), logs.SpeaksOtherProtocol))
	diagtest.Want(t, diagtest.Run(t, listens(client(minutes(said, 20, 15, 10)...)), logs.SpeaksOtherProtocol))
}
