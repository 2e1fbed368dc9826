package ssmfake

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/awsdiag/awsdiag/diag/diagfake"
)

// Preferences returns the world's document of session preferences with the members of its inputs, as JSON.
func Preferences(inputs string) map[string]string {
	return map[string]string{"SSM-SessionManagerRunShell": `{"schemaVersion": "1.0", ` +
		`"description": "Document to hold regional settings for Session Manager", ` +
		`"sessionType": "Standard_Stream", "inputs": ` + inputs + `}`}
}

func (c *Client) getDocument(in *ssm.GetDocumentInput) (*ssm.GetDocumentOutput, error) {
	content, ok := c.Documents[aws.ToString(in.Name)]
	if !ok {
		return nil, diagfake.APIError("InvalidDocument", "Document with name "+aws.ToString(in.Name)+" does not exist.")
	}
	return &ssm.GetDocumentOutput{
		Name: in.Name, Content: aws.String(content), DocumentFormat: types.DocumentFormatJson,
		DocumentType: types.DocumentTypeSession, Status: types.DocumentStatusActive,
	}, nil
}

// defaults are the settings that have a value without anybody having set one (API reference, GetServiceSetting).
var defaults = map[string]string{
	"/ssm/managed-instance/default-ec2-instance-management-role": "$None",
	"/ssm/managed-instance/activation-tier":                      "standard",
	"/ssm/parameter-store/default-parameter-tier":                "Standard",
	"/ssm/parameter-store/high-throughput-enabled":               "false",
}

func (c *Client) getServiceSetting(in *ssm.GetServiceSettingInput) (*ssm.GetServiceSettingOutput, error) {
	id := aws.ToString(in.SettingId)
	value, set := c.Settings[id]
	status := "Customized"
	if !set {
		status = "Default"
		var ok bool
		if value, ok = defaults[id]; !ok {
			return nil, diagfake.APIError("ServiceSettingNotFound", "Setting "+id+" does not exist")
		}
	}
	return &ssm.GetServiceSettingOutput{ServiceSetting: &types.ServiceSetting{
		SettingId: in.SettingId, SettingValue: aws.String(value), Status: aws.String(status),
	}}, nil
}
