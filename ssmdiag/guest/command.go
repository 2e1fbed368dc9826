package guest

import (
	"strings"
	"time"
)

// Platform is the operating system that a command is for.
type Platform string

// The platforms.
const (
	Linux   Platform = "Linux"
	Windows Platform = "Windows"
)

// documents are the documents of AWS that run a script ("Command document plugin reference", aws:runShellScript and
// aws:runPowerShellScript).
var documents = map[Platform]string{Linux: "AWS-RunShellScript", Windows: "AWS-RunPowerShellScript"}

// Command is one command of the catalogue. Only the functions of this package make commands, so that whatever is sent
// reads and changes nothing. Commands are comparable.
type Command struct {
	name     string
	platform Platform
	script   string
	timeout  time.Duration
	// alone says that it was made with arguments for one node, and is not sent to others along with it.
	alone bool
}

// Name names the command: "disk".
func (c Command) Name() string { return c.name }

// Platform is what the command is for.
func (c Command) Platform() Platform { return c.platform }

// Script is what runs on the node, for a person to read.
func (c Command) Script() string { return c.script }

// Document is the document that runs it.
func (c Command) Document() string { return documents[c.platform] }

// commandTimeout is how long a command may run. All are short; those that connect wait for a few seconds.
const commandTimeout = 60 * time.Second

func shell(name, script string) Command {
	return Command{name: name, platform: Linux, script: "export LC_ALL=C\n" + script, timeout: commandTimeout}
}

func powerShell(name, script string) Command {
	return Command{name: name, platform: Windows, script: script, timeout: commandTimeout}
}

func (c Command) forOne() Command {
	c.alone = true
	return c
}

// shellWith fills quoted arguments into a script, in which each %s stands for one word.
func shellWith(name, script string, arguments ...string) (Command, error) {
	filled, err := fill(script, quote, arguments)
	return shell(name, filled).forOne(), err
}

func powerShellWith(name, script string, arguments ...string) (Command, error) {
	filled, err := fill(script, quotePowerShell, arguments)
	return powerShell(name, filled).forOne(), err
}

// fill replaces each %s in turn. It is no format: arguments are never scanned again.
func fill(script string, quoted func(string) (string, error), arguments []string) (string, error) {
	parts := strings.Split(script, "%s")
	var b strings.Builder
	b.WriteString(parts[0])
	for i, part := range parts[1:] {
		word, err := quoted(arguments[i%len(arguments)])
		if err != nil {
			return "", err
		}
		b.WriteString(word + part)
	}
	return b.String(), nil
}
