package diag

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// redactions have the text before and after; a secret that must go holds "hunter2" or "SECRET" in the table's own
// words.
var redactions = []struct{ name, text, want string }{
	{"url", "dial postgres://app:hunter2@db:5432/shop failed", "dial postgres://app:[redacted-1]@db:5432/shop failed"},
	{"url without user", "redis://:hunter2@cache:6379/0", "redis://:[redacted-1]@cache:6379/0"},
	{"url with @ in the password", "amqp://u:hunter2@x@mq:5672", "amqp://u:[redacted-1]@mq:5672"},
	{"url with slash in the password", "postgres://u:hun/ter2@db/x", "postgres://u:[redacted-1]@db/x"},
	{"two urls", "amqp://u:hunter2@a,amqp://u:hunter2@b", "amqp://u:[redacted-1]@a,amqp://u:[redacted-1]@b"},
	{"url in escaped json", `{"m":"{\"u\":\"mysql://u:hunter2@db\"}"}`, `{"m":"{\"u\":\"mysql://u:[redacted-1]@db\"}"}`},
	{"go mysql dsn", "app:hunter2@tcp(10.0.1.7:3306)/shop", "app:[redacted-1]@tcp(10.0.1.7:3306)/shop"},
	{"json", `{"user":"app","password":"hunter2"}`, `{"user":"app","password":"[redacted-1]"}`},
	{"json with a quote in it", `{"password":"hun\"ter2","port":5432}`, `{"password":"[redacted-1]","port":5432}`},
	{"escaped json", `msg="{\"password\":\"hunter2\"}"`, `msg="{\"password\":\"[redacted-1]\"}"`},
	{"twice escaped json", `"{\\\"apiKey\\\": \\\"hunter2\\\"}"`, `"{\\\"apiKey\\\": \\\"[redacted-1]\\\"}"`},
	{"json cut short", `{"password":"hunt`, `{"password":"[redacted-1]`},
	{"json number", `{"password": 12345, "port": 80}`, `{"password": [redacted-1], "port": 80}`},
	{"json name and value", `{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "PORT", "value": "80"}`,
		`{"name": "DB_PASSWORD", "value": "[redacted-1]"}, {"name": "PORT", "value": "80"}`},
	{"json value and name", `{"value": "hunter2", "name": "DB_PASSWORD"}`,
		`{"value": "[redacted-1]", "name": "DB_PASSWORD"}`},
	{"parameter key", `{"ParameterKey":"DbPassword","ParameterValue":"hunter2"}`,
		`{"ParameterKey":"DbPassword","ParameterValue":"[redacted-1]"}`},
	{"python", `{'token': 'hunter2', 'n': 1}`, `{'token': '[redacted-1]', 'n': 1}`},
	{"ruby and php", `:password=>"hunter2", 'secret' => 'hunter3'`,
		`:password=>"[redacted-1]", 'secret' => '[redacted-2]'`},
	{"java map", `{user=app, password=hunter2}`, `{user=app, password=[redacted-1]}`},
	{"go struct", `{User:app Password:hunter2}`, `{User:app Password:[redacted-1]}`},
	{"xml", `<Password>hunter2</Password>`, `<Password>[redacted-1]</Password>`},
	{"key=value", "user=app password=hunter2 host=db", "user=app password=[redacted-1] host=db"},
	{"key=value by commas", "user=app,password=hunter2,host=db", "user=app,password=[redacted-1],host=db"},
	{"key=value in a sentence", "login failed (password=hunter2).", "login failed (password=[redacted-1])."},
	{"environment", "DB_PASSWORD=hunter2\nMYSQL_PWD=hunter2\nSMTP_PASS=hunter3",
		"DB_PASSWORD=[redacted-1]\nMYSQL_PWD=[redacted-1]\nSMTP_PASS=[redacted-2]"},
	{"key: value", "api_key: hunter2", "api_key: [redacted-1]"},
	{"key: value of letters", "password: swordfish", "password: [redacted-1]"},
	{"escaped newlines", `env\nDB_PASSWORD=hunter2\nPORT=80`, `env\nDB_PASSWORD=[redacted-1]\nPORT=80`},
	{"flag", "app --db-password hunter2 --port 80", "app --db-password [redacted-1] --port 80"},
	{"flag with =", "app --token=hunter2 --port=80", "app --token=[redacted-1] --port=80"},
	{"flag quoted", `app --password 'hunter 2' x`, `app --password '[redacted-1]' x`},
	{"mysql", "mysql -h db -u app -phunter2 shop", "mysql -h db -u app -p[redacted-1] shop"},
	{"curl", "curl -s -u app:hunter2 https://x", "curl -s -u app:[redacted-1] https://x"},
	{"connection string", "Server=db,1433;User Id=app;Password=hunter2;Encrypt=true",
		"Server=db,1433;User Id=app;Password=[redacted-1];Encrypt=true"},
	{"azure", "AccountName=a;AccountKey=aHVudGVyMg==;EndpointSuffix=x",
		"AccountName=a;AccountKey=[redacted-1];EndpointSuffix=x"},
	{"bearer header", "Authorization: Bearer hunter2hunter2", "Authorization: Bearer [redacted-1]"},
	{"bearer header in json", `{"Authorization":"Bearer hunter2.x"}`, `{"Authorization":"[redacted-1]"}`},
	{"bearer alone", "sent bearer a8f0Hunter2 to upstream", "sent bearer [redacted-1] to upstream"},
	{"basic header", "authorization: Basic YXBwOmh1bnRlcjI=", "authorization: Basic [redacted-1]"},
	{"basic alone", "with Basic YXBwOmh1bnRlcjI= sent", "with Basic [redacted-1] sent"},
	{"unknown scheme", "Proxy-Authorization: hunter2", "Proxy-Authorization: [redacted-1]"},
	{"cookie", "Cookie: sid=hunter2; theme=dark\nHost: x", "Cookie: [redacted-1]\nHost: x"},
	{"api key header", "x-api-key: hunter2", "x-api-key: [redacted-1]"},
	{"jwt", "got " + jwt + ".", "got [redacted-1]."},
	{"github", "remote https://x-access-token:ghp_" + alnum36 + "@github.com/a/b",
		"remote https://x-access-token:[redacted-1]@github.com/a/b"},
	{"github alone", "using github_pat_11ABCDEFG0_" + alnum36, "using [redacted-1]"},
	{"gitlab", "using glpat-" + alnum36[:20], "using [redacted-1]"},
	{"slack", "xoxb-123456789012-" + alnum36[:24], "[redacted-1]"},
	{"slack hook", "https://hooks.slack.com/services/T0/B0/" + alnum36[:24],
		"https://hooks.slack.com/services/[redacted-1]"},
	{"stripe", "stripe sk_live_" + alnum36[:24], "stripe [redacted-1]"},
	{"npm", "npm_" + alnum36, "[redacted-1]"},
	{"google", "AIza" + alnum36[:35], "[redacted-1]"},
	{"access key id", "signed by AKIAIOSFODNN7EXAMPLE", "signed by [redacted-1]"},
	{"temporary access key id", `{"accessKeyId":"ASIAAPS8EM125EXAMPLE"}`, `{"accessKeyId":"[redacted-1]"}`},
	{"secret access key", "aws_secret_access_key = " + awsSecret, "aws_secret_access_key = [redacted-1]"},
	{"secret access key alone", "using " + awsSecret + " now", "using [redacted-1] now"},
	{"session token", `"SessionToken": "hunter2/x+y=="`, `"SessionToken": "[redacted-1]"`},
	{"session token alone", "sts IQoJb3JpZ2luX2VjEHunter2" + alnum36, "sts [redacted-1]"},
	{"presigned url",
		"https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260101%2Feu-west-1&X-Amz-Date=20260101T000000Z&X-Amz-Security-Token=hunter2%2F&X-Amz-Signature=0badcafe",
		"https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=[redacted-1]&X-Amz-Date=20260101T000000Z&X-Amz-Security-Token=[redacted-2]&X-Amz-Signature=[redacted-3]"},
	{"presigned url in go json", `"/k?X-Amz-Signature=0badcafe\u0026X-Amz-Expires=900"`,
		`"/k?X-Amz-Signature=[redacted-1]\u0026X-Amz-Expires=900"`},
	{"private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIhunter2\n-----END RSA PRIVATE KEY-----\nok",
		"-----BEGIN RSA PRIVATE KEY-----[redacted-1]-----END RSA PRIVATE KEY-----\nok"},
	{"private key escaped and cut", `"-----BEGIN PRIVATE KEY-----\nMIIhunter2\nabc`,
		`"-----BEGIN PRIVATE KEY-----[redacted-1]`},
	{"long name", strings.Repeat("X_", 50) + "PASSWORD=hunter2", strings.Repeat("X_", 50) + "PASSWORD=[redacted-1]"},
	{"a false token does not help", "password=[redacted-1]hunter2", "password=[redacted-1]"},
}

const (
	alnum36   = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
	awsSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	jwt       = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJlaHVudGVyMg"
)

func TestRedact(t *testing.T) {
	for _, tt := range redactions {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, NewRedactor(nil).Redact(tt.text)) })
	}
}

// survivors hold no secret, though many look like one.
var survivors = []string{
	`10.0.1.17:8080 and [2001:db8::1]:443`, `172.31.0.0/16`, `1700000000`, `1700000000.123`, `2026-01-22T14:24:58Z`,
	`arn:aws:ecs:eu-west-1:111122223333:service/prod/api`,
	`arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/api/d51a3e3922227021`,
	`arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/prod/db-83ysXY:password::`,
	`{"name":"DB_PASSWORD","valueFrom":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-83ysXY:password::"}`,
	`"secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-83ysXY"`,
	`failed to fetch secret arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-a57bd929-5fa6-42c0-80c1-0123456789ab from secrets manager: AccessDeniedException: User`,
	`failed to fetch secret: AccessDeniedException: not authorized`,
	`status code: 400, request id: f0f16c94-b70f-4ac1-9231-0656143c36d3`,
	`RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 13.234.8.23:443: i/o timeout`,
	`111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`,
	`oci://registry/team/app:v1@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`,
	`commit 3f786850e387550fdab836ed7e6dc881de23001b`, `task 17cbd22653424f62971b13fffcf6113e`,
	`FATAL:  password authentication failed for user "app"`,
	`Access denied for user 'app'@'10.0.1.7' (using password: YES)`,
	`SyntaxError: Unexpected token < in JSON at position 0`, `Unexpected token: punc (,)`,
	`KeyError: 'DATABASE_PASSWORD'`, `DB_PASSWORD: not set`, `missing environment variable DB_PASSWORD: it is required`,
	`token bucket: rate exceeded`, `"NextToken": "eyJuZXh0VG9rZW4iOm51bGx9"`, `nextForwardToken=f/3456789`,
	`clientToken: 0c9d`,
	`calling GetAuthorizationToken: AccessDeniedException`, `secretsmanager:GetSecretValue`,
	`InvalidToken: The provided token is malformed`,
	`WWW-Authenticate: Bearer realm="api", error="invalid"`, `Bearer authentication is required`,
	`the basic principle: none`,
	`password=`, `password=$DB_PASSWORD`, `password=${DB_PASSWORD}`, `--password "$PW"`, `password: ****`,
	`"password": null`,
	`--password is deprecated`, `--password-stdin`, `http://proxy:3128/a?b=c@d`, `partition_key: user-1`,
	`cacheKey=user:1`,
	`HttpTokens: required`, `total_tokens: 4096`, `MasterUserSecret.SecretStatus: active`,
	`password_encryption = scram-sha-256`,
	`[redacted-1] and [redacted:1f3a9c20]`, `"secrets": [{"name": "A"}]`, `key: value`,
	`The security token included in the request is expired`,
	`AROA1234567890EXAMPLE:i-0abc`, `/aws/lambda/CheckoutHandlerForOrders20AndMore12`, `docker run -u 1000:1000 app`,
	`[{"Key":"stickiness.type","Value":"lb_cookie"},{"Key":"stickiness.lb_cookie.duration_seconds","Value":"86400"}]`,
	`[{"Value":"a","Key":"x"},{"Value":"b","Key":"y"}]`, `"CustomerMasterKeySpec":"SYMMETRIC_DEFAULT"`,
	`GITEE_API_TOKEN`, `x-amzn-requestid: f0f16c94-b70f-4ac1-9231-0656143c36d3`, `Invalid signature: expected SHA256`,
}

func TestRedactKeepsWhatADiagnosisNeeds(t *testing.T) {
	for _, text := range survivors {
		assert.Equal(t, text, NewRedactor(nil).Redact(text))
	}
}

// TestRedactByStructure has what a redactor for personal data gets wrong both ways: addresses, account ids and epoch
// numbers gone, credentials left.
func TestRedactByStructure(t *testing.T) {
	const line = "1700000000 10.0.1.17:8080 arn:aws:ecs:eu-west-1:111122223333:task/prod/17cbd22653424f62971b13fffcf6113e "
	r := NewRedactor(nil)
	assert.Equal(t, line+"postgres://user:[redacted-1]@db", r.Redact(line+"postgres://user:hunter2@db"))
	assert.Equal(t, line+`{"password":"[redacted-1]"}`, r.Redact(line+`{"password":"hunter2"}`))
	assert.Equal(t, line+"[redacted-2] [redacted-3]", r.Redact(line+"ghp_"+alnum36+" "+jwt))
}

func TestRedactByName(t *testing.T) {
	r := NewRedactor(nil)
	for _, tt := range []struct{ name, value, want string }{
		{"DB_PASSWORD", "hunter2", "[redacted-1]"},
		{"containers[app].environment[DB_PASSWORD]", "hunter2", "[redacted-1]"},
		{"containers[app].environment[DB_PASSWORD].value", "hunter2", "[redacted-1]"},
		{"connectionString", "Server=db;Database=x", "[redacted-2]"},
		{"tags[api key]", "abc", "[redacted-3]"},
		{"NextToken", "abc", "abc"},
		{"secret ARN", "abc", "abc"},
		{"secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/api-token", "implicitDeny",
			"implicitDeny"},
		{"a on arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/api-token", "password=hunter2",
			"password=[redacted-1]"},
		{"secrets[DB_PASSWORD].valueFrom", "shop/db", "shop/db"},
		{"environment[DB_PASSWORD]", "arn:aws:ssm:eu-west-1:111122223333:parameter/db",
			"arn:aws:ssm:eu-west-1:111122223333:parameter/db"},
		{"failures[0].reason", "password authentication failed", "password authentication failed"},
		{"httpTokens", "required", "required"},
		{"password", "[redacted-1]", "[redacted-1]"},
		{"message", "password=hunter2", "password=[redacted-1]"},
		{"", "hunter2", "hunter2"},
	} {
		assert.Equal(t, tt.want, r.redactNamed(tt.name, tt.value), "%s=%s", tt.name, tt.value)
	}
}

func TestRedactWithAKeyIsStable(t *testing.T) {
	first, second := NewRedactor([]byte("k")).Redact("password=hunter2 a:b"),
		NewRedactor([]byte("k")).Redact("x password=hunter2")
	assert.Regexp(t, `^password=\[redacted:[0-9a-f]{8}\] a:b$`, first)
	assert.Equal(t, "x "+strings.TrimSuffix(first, " a:b"), second)
	assert.NotEqual(t, first, NewRedactor([]byte("other")).Redact("password=hunter2 a:b"))
}

func TestRedactOneSecretOneToken(t *testing.T) {
	r := NewRedactor(nil)
	assert.Equal(t, "a=1 password=[redacted-1]", r.Redact("a=1 password=hunter2"))
	assert.Equal(t, "token=[redacted-2]", r.Redact("token=hunter3"))
	assert.Equal(t, `{"pwd":"[redacted-1]"}`, r.Redact(`{"pwd":"hunter2"}`))
}

func TestRedactConcurrently(t *testing.T) {
	r := NewRedactor(nil)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				assert.Equal(t, "password=[redacted-1]", r.Redact("password=hunter2"))
			}
		})
	}
	group.Wait()
}

func TestRedactKeepsJSONReadable(t *testing.T) {
	in := map[string]any{"message": "user:\"x\" password=hunter2\nnext", "nested": `{"token":"hunter2"}`, "n": []int{1}}
	text, err := json.Marshal(in)
	require.NoError(t, err)
	var out map[string]any
	require.NoError(t, json.Unmarshal([]byte(NewRedactor(nil).Redact(string(text))), &out))
	assert.Equal(t, "user:\"x\" password=[redacted-1]\nnext", out["message"])
	assert.Equal(t, `{"token":"[redacted-1]"}`, out["nested"])
}
