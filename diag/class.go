package diag

import "strings"

// Class says how far an AWS action reaches.
type Class string

const (
	// ClassRead reads configuration, state and metrics.
	ClassRead Class = "read"
	// ClassData reads what customers wrote: log events, traces, parameter values.
	ClassData Class = "data"
	// ClassActive runs something and changes no configuration: Run Command, sessions, ECS Exec.
	ClassActive Class = "active"
	// ClassLocal is no AWS action: it sends packets from where the program runs, and no IAM policy allows or forbids it.
	ClassLocal Class = "local"
)

// Classes returns all classes: those of AWS actions first, the most harmless first.
func Classes() []Class { return []Class{ClassRead, ClassData, ClassActive, ClassLocal} }

// localPrefix begins the actions of package probe.
const localPrefix = "probe:"

var classOf = map[string]Class{
	"logs:FilterLogEvents": ClassData, "logs:GetLogEvents": ClassData, "logs:StartQuery": ClassData,
	"logs:GetQueryResults": ClassData, "logs:StopQuery": ClassData, "logs:StartLiveTail": ClassData,
	"logs:GetLogRecord":      ClassData,
	"xray:GetTraceSummaries": ClassData, "xray:BatchGetTraces": ClassData,
	"ssm:GetParameter": ClassData, "ssm:GetParameters": ClassData, "ssm:GetParametersByPath": ClassData,
	"ssm:GetParameterHistory": ClassData, "ssm:GetCommandInvocation": ClassData, "rds:DownloadDBLogFilePortion": ClassData,
	"pi:DescribeDimensionKeys": ClassData,
	"ec2:GetConsoleOutput":     ClassData,
	"ssm:SendCommand":          ClassActive, "ssm:CancelCommand": ClassActive, "ssm:StartSession": ClassActive,
	"ssm:TerminateSession": ClassActive,
	"ssm:ResumeSession":    ClassActive, "ecs:ExecuteCommand": ClassActive,
}

// ClassOf returns the class of an action that this module knows; every other action is taken for a read.
func ClassOf(action string) Class {
	if strings.HasPrefix(action, localPrefix) {
		return ClassLocal
	}
	if c, ok := classOf[action]; ok {
		return c
	}
	return ClassRead
}

func (c Class) sid() string {
	switch c {
	case ClassData:
		return "Data"
	case ClassActive:
		return "Active"
	case ClassLocal:
		return "Local"
	}
	return "Read"
}
