package ssmdiag

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/awsdiag/awsdiag/diag"
)

const (
	// preferencesDocument holds the preferences of sessions of an account and region ("Session document schema").
	preferencesDocument = "SSM-SessionManagerRunShell"
	// hostManagementSetting names the role of default host management (API reference, GetServiceSetting).
	hostManagementSetting = "/ssm/managed-instance/default-ec2-instance-management-role"
	// noRole is what the setting holds where nobody set it.
	noRole = "$None"
)

// Preferences are what an account and region has set for its sessions and nodes.
type Preferences struct {
	api    PreferencesAPI
	window diag.Window

	content diag.Memo[*document]
	role    diag.Memo[string]
}

// document is the preferences document as it stands, and what was read out of it.
type document struct {
	text  string
	read  SessionPreferences
	fault error
}

// SessionPreferences are the session preferences, by the members of the document's inputs ("Session document schema").
type SessionPreferences struct {
	S3Bucket           string `json:"s3BucketName"`
	S3KeyPrefix        string `json:"s3KeyPrefix"`
	S3Encryption       bool   `json:"s3EncryptionEnabled"`
	LogGroup           string `json:"cloudWatchLogGroupName"`
	LogEncryption      bool   `json:"cloudWatchEncryptionEnabled"`
	LogStreaming       bool   `json:"cloudWatchStreamingEnabled"`
	KMSKey             string `json:"kmsKeyId"`
	RunAs              bool   `json:"runAsEnabled"`
	RunAsUser          string `json:"runAsDefaultUser"`
	IdleTimeoutMinutes text   `json:"idleSessionTimeout"`
	MaxDurationMinutes text   `json:"maxSessionDuration"`
	ShellProfile       struct {
		Linux   string `json:"linux"`
		Windows string `json:"windows"`
	} `json:"shellProfile"`
}

// text is a string that documents also write as a number.
type text string

// UnmarshalJSON takes a string or a number.
func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*t = text(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil {
		return fmt.Errorf("neither a string nor a number: %s", raw)
	}
	*t = text(n)
	return nil
}

var _ diag.Subject = (*Preferences)(nil)

// NewPreferences makes the preferences of the account and region of api.
func NewPreferences(api PreferencesAPI, window diag.Window) *Preferences {
	return &Preferences{api: api, window: window}
}

// Resource names the preferences document.
func (p *Preferences) Resource() diag.Resource {
	return diag.Resource{Type: typeDocument, ID: preferencesDocument}
}

// Sessions returns the session preferences, nil where nobody has set any: sessions then are neither logged nor
// encrypted with a key, and run as ssm-user. Preferences that cannot be read give an error of [diag.KindInvalid].
func (p *Preferences) Sessions(ctx context.Context) (*SessionPreferences, error) {
	d, err := p.document(ctx)
	switch {
	case err != nil || d == nil:
		return nil, err
	case d.fault != nil:
		return nil, diag.Errorf(diag.KindInvalid, "reading document %s: %w", preferencesDocument, d.fault)
	}
	return &d.read, nil
}

func (p *Preferences) document(ctx context.Context) (*document, error) {
	return p.content.Get(ctx, func(ctx context.Context) (*document, error) {
		out, err := p.api.GetDocument(ctx, &ssm.GetDocumentInput{Name: aws.String(preferencesDocument)})
		if answered(err, "InvalidDocument") { // what Systems Manager says of a document that does not exist
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("getting document %s: %w", preferencesDocument, err)
		}
		if out.Content == nil {
			return nil, nil
		}
		d := &document{text: *out.Content}
		var whole struct {
			SessionType string             `json:"sessionType"`
			Inputs      SessionPreferences `json:"inputs"`
		}
		d.fault = json.Unmarshal([]byte(d.text), &whole)
		if d.fault == nil && whole.SessionType != "Standard_Stream" {
			d.fault = fmt.Errorf("the session type is %q, not Standard_Stream", whole.SessionType)
		}
		d.read = whole.Inputs
		return d, nil
	})
}

// DefaultHostManagement returns the role that default host management gives to instances without an instance profile
// for Systems Manager, "" where it is off.
func (p *Preferences) DefaultHostManagement(ctx context.Context) (string, error) {
	return p.role.Get(ctx, func(ctx context.Context) (string, error) {
		out, err := p.api.GetServiceSetting(
			ctx,
			&ssm.GetServiceSettingInput{SettingId: aws.String(hostManagementSetting)},
		)
		if answered(err, "ServiceSettingNotFound") {
			return "", nil
		}
		if err != nil {
			return "", fmt.Errorf("getting the service setting for default host management: %w", err)
		}
		if out.ServiceSetting == nil || aws.ToString(out.ServiceSetting.SettingValue) == noRole {
			return "", nil
		}
		return aws.ToString(out.ServiceSetting.SettingValue), nil
	})
}
