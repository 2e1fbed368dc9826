package diag

// Class says how far an AWS action reaches.
type Class string

const (
	// ClassRead reads configuration, state and metrics.
	ClassRead Class = "read"
	// ClassData reads what customers wrote: log events, traces, parameter values.
	ClassData Class = "data"
	// ClassActive runs something and changes no configuration: Run Command, sessions, ECS Exec.
	ClassActive Class = "active"
)

// Classes returns all classes, the most harmless first.
func Classes() []Class { return []Class{ClassRead, ClassData, ClassActive} }

var classOf = map[string]Class{
	"logs:FilterLogEvents": ClassData, "logs:GetLogEvents": ClassData, "logs:StartQuery": ClassData,
	"logs:GetQueryResults": ClassData, "logs:StartLiveTail": ClassData, "logs:GetLogRecord": ClassData,
	"xray:GetTraceSummaries": ClassData, "xray:BatchGetTraces": ClassData,
	"ssm:GetParameter": ClassData, "ssm:GetParameters": ClassData, "ssm:GetParametersByPath": ClassData,
	"ssm:GetParameterHistory": ClassData, "ssm:GetCommandInvocation": ClassData, "rds:DownloadDBLogFilePortion": ClassData,
	"ec2:GetConsoleOutput": ClassData,
	"ssm:SendCommand":      ClassActive, "ssm:StartSession": ClassActive, "ssm:TerminateSession": ClassActive,
	"ssm:ResumeSession": ClassActive, "ecs:ExecuteCommand": ClassActive,
}

// ClassOf returns the class of an IAM action that this module knows; every other action is taken for a read.
func ClassOf(action string) Class {
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
	}
	return "Read"
}
