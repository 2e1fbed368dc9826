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

// ECS Exec: the caller asks ECS for the session, after the checks of ecsdiag.ExecChecks said that nothing stands in its
// way. Here the gateway stands for ecs.ExecuteCommand, which answers with the same three members.
func ExampleClient_Exec() {
	target := session.ECSTarget("prod", "arn:aws:ecs:eu-west-1:111122223333:task/prod/0123abcd", "0123abcd-1")
	gateway := sessiontest.New(sessiontest.World{Targets: map[string]sessiontest.Agent{target: {}}})
	defer gateway.Close()
	stream, err := gateway.Open(target, "AmazonECS-ExecuteInteractiveCommand", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := session.New(nil, session.Options{Reason: "INC-42"}) // nothing but ECS Exec
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := client.Exec(context.Background(), stream,
		session.Shell{In: strings.NewReader("echo from the task\nexit\n")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Contains(string(result.Stdout), "from the task"))
	// Output:
	// true
}
