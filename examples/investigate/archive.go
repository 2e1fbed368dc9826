package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/awsdiag/awsdiag/ecsdiag"
)

// archived reads the stopped tasks of a file of events; an empty name gives none.
func archived(name string) ([]types.Task, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("-stopped: %w", err)
	}
	defer file.Close()
	tasks, err := ecsdiag.ReadTaskStateChanges(file)
	if err != nil {
		return nil, fmt.Errorf("-stopped %s: %w", name, err)
	}
	if len(tasks) == 0 {
		return nil, fmt.Errorf("-stopped %s: it holds no \"ECS Task State Change\" event of a stopped task", name)
	}
	return tasks, nil
}
