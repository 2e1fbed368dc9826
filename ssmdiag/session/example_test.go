package session_test

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/awsdiag/awsdiag/ssmdiag/session"
	"github.com/awsdiag/awsdiag/ssmdiag/session/sessiontest"
)

func Example() {
	gateway := sessiontest.New(sessiontest.World{Targets: map[string]sessiontest.Agent{"i-0abc": {
		Command: func(_ context.Context, line string, stdout, stderr io.Writer) int {
			fmt.Fprintln(stdout, "ran:", line)
			fmt.Fprintln(stderr, "df: /mnt: permission denied")
			return 1
		},
	}}})
	defer gateway.Close()

	client, err := session.New(gateway.SSM(), session.Options{Reason: "INC-42"})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := client.Run(context.Background(), "i-0abc", session.Command{Line: session.Quote("df", "-h")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s%s%d\n", result.Stdout, result.Stderr, *result.ExitCode)

	_, err = client.Run(context.Background(), "i-gone", session.Command{Line: "df"})
	fmt.Println(err != nil)
	// Output:
	// ran: 'df' '-h'
	// df: /mnt: permission denied
	// 1
	// true
}

// An interactive shell takes any reader and writer.
func ExampleClient_Shell() {
	gateway := sessiontest.New(sessiontest.World{Targets: map[string]sessiontest.Agent{"i-0abc": {}}})
	defer gateway.Close()
	client, err := session.New(gateway.SSM(), session.Options{Reason: "INC-42"})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := client.Shell(context.Background(), "i-0abc", session.Shell{In: strings.NewReader("echo hello\nexit\n")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.ReplaceAll(string(result.Stdout), "\r", ""))
	// Output:
	// $ hello
	// $
}
