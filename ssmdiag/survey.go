package ssmdiag

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/awsdiag/awsdiag/diag"
)

// NodeSurvey gathers what a node acts as, when its agent was last heard of, and how it is set up. Who knows the
// instance adds the link to the role of its instance profile.
var NodeSurvey = &diag.Survey[*ManagedNode]{
	Name: "ssm.node", Actions: []string{callInformation},
	Links: nodeLinks, Events: nodeEvents, Settings: nodeSettings,
}

// PreferencesSurvey tells where sessions are logged, with which key they are encrypted, and how they are set up.
var PreferencesSurvey = &diag.Survey[*Preferences]{
	Name: "ssm.preferences", Actions: []string{callDocument, callSetting},
	Links: preferencesLinks, Settings: preferencesSettings,
}

// ParameterSurvey tells which parameters changed in the window, and how each is kept. It reads no value.
var ParameterSurvey = &diag.Survey[*Parameters]{
	Name: "ssm.parameters", Actions: []string{callParameters}, Links: parameterLinks, Events: parameterEvents,
	Settings: parameterSettings,
}

// ParameterValueSurvey is [ParameterSurvey] with the keyed hash of each value among the settings, for a comparison of
// two places. It needs [WithFingerprints]; without it the hashes are an error of [diag.KindInvalid].
var ParameterValueSurvey = &diag.Survey[*Parameters]{
	Name: "ssm.parameter-values", Actions: []string{callParameters, callValues, callValuesByPath},
	Links: parameterLinks, Events: parameterEvents,
	Settings: func(ctx context.Context, p *Parameters) ([]diag.Setting, error) {
		settings, err := parameterSettings(ctx, p)
		prints, printErr := p.Fingerprints(ctx)
		for _, name := range slices.Sorted(maps.Keys(prints)) {
			settings = append(settings, diag.Setting{Resource: named(typeParameter, name), Name: "Value, hashed",
				Value: prints[name]})
		}
		return settings, errors.Join(err, printErr)
	},
}

// nodeLinks names the role that the node was activated with, or that default host management gave it. The preferences
// are context: sessions depend on them, the node does not.
func nodeLinks(ctx context.Context, n *ManagedNode) ([]diag.Link, error) {
	info, err := n.Information(ctx)
	if err != nil || info == nil {
		return nil, err
	}
	links := []diag.Link{{From: n.Resource(), To: diag.Resource{Type: typeDocument, ID: preferencesDocument},
		Role: "sessions set by", Context: true}}
	if role := roleName(aws.ToString(info.IamRole)); role != "" {
		links = append(
			links,
			diag.Link{From: n.Resource(), To: diag.Resource{Type: typeRole, ID: role}, Role: "acts as"},
		)
	}
	return links, nil
}

func nodeEvents(ctx context.Context, n *ManagedNode, window diag.Window) ([]diag.Event, error) {
	info, err := n.Information(ctx)
	if err != nil || info == nil {
		return nil, err
	}
	var events []diag.Event
	add := func(at *time.Time, kind, text string) {
		if at != nil && window.Contains(*at) {
			events = append(
				events,
				diag.Event{At: *at, Resource: n.Resource(), Source: callInformation, Kind: kind, Text: text},
			)
		}
	}
	add(info.RegistrationDate, "agent", "the agent registered with Systems Manager")
	if isLost(info.PingStatus) {
		add(info.LastPingDateTime, "agent", "the agent called in for the last time")
	}
	add(info.LastAssociationExecutionDate, "association", fmt.Sprintf("State Manager associations ran: %s",
		orEmpty(aws.ToString(info.AssociationStatus))))
	return events, nil
}

func nodeSettings(ctx context.Context, n *ManagedNode) ([]diag.Setting, error) {
	info, err := n.Information(ctx)
	if err != nil || info == nil {
		return nil, err
	}
	var settings []diag.Setting
	add := func(name, value string) {
		if value != "" {
			settings = append(settings, diag.Setting{Resource: n.Resource(), Name: name, Value: value})
		}
	}
	add("AgentVersion", aws.ToString(info.AgentVersion))
	add("PlatformType", string(info.PlatformType))
	add("PlatformName", aws.ToString(info.PlatformName))
	add("PlatformVersion", aws.ToString(info.PlatformVersion))
	add("ResourceType", string(info.ResourceType))
	add("SourceType", string(info.SourceType))
	add("IamRole", aws.ToString(info.IamRole))
	return settings, nil
}

func preferencesLinks(ctx context.Context, p *Preferences) ([]diag.Link, error) {
	s, err := p.readable(ctx)
	if err != nil {
		return nil, err
	}
	var links []diag.Link
	add := func(typ, id, role string) {
		if id != "" {
			links = append(links, diag.Link{From: p.Resource(), To: named(typ, id), Role: role})
		}
	}
	add(typeKey, s.KMSKey, "encrypts with")
	add(typeLogGroup, s.LogGroup, "logs to")
	add(typeBucket, s.S3Bucket, "logs to")
	return links, nil
}

func preferencesSettings(ctx context.Context, p *Preferences) ([]diag.Setting, error) {
	role, err := p.DefaultHostManagement(ctx)
	var settings []diag.Setting
	add := func(name, value string) {
		if value != "" {
			settings = append(settings, diag.Setting{Resource: p.Resource(), Name: name, Value: value})
		}
	}
	add("defaultHostManagementRole", role)
	s, errSessions := p.readable(ctx)
	if s != (SessionPreferences{}) {
		add("s3BucketName", s.S3Bucket)
		add("s3EncryptionEnabled", strconv.FormatBool(s.S3Encryption))
		add("cloudWatchLogGroupName", s.LogGroup)
		add("cloudWatchEncryptionEnabled", strconv.FormatBool(s.LogEncryption))
		add("cloudWatchStreamingEnabled", strconv.FormatBool(s.LogStreaming))
		add("kmsKeyId", s.KMSKey)
		add("runAsEnabled", strconv.FormatBool(s.RunAs))
		add("runAsDefaultUser", s.RunAsUser)
		add("idleSessionTimeout", string(s.IdleTimeoutMinutes))
		add("maxSessionDuration", string(s.MaxDurationMinutes))
	}
	return settings, errors.Join(err, errSessions)
}

// parameterLinks names the keys of SecureStrings, by their alias where that is what Parameter Store knows.
func parameterLinks(ctx context.Context, p *Parameters) ([]diag.Link, error) {
	list, err := p.List(ctx)
	var links []diag.Link
	for _, m := range list {
		if m.Name != nil && aws.ToString(m.KeyId) != "" {
			links = append(links, diag.Link{From: resourceOf(m), To: named(typeKey, *m.KeyId), Role: "encrypted with"})
		}
	}
	return links, err
}

func parameterEvents(ctx context.Context, p *Parameters, window diag.Window) ([]diag.Event, error) {
	list, err := p.List(ctx)
	var events []diag.Event
	for _, m := range list {
		if m.LastModifiedDate == nil || !window.Contains(*m.LastModifiedDate) {
			continue
		}
		text := fmt.Sprintf("parameter %s was changed to version %d", orUnnamed(m.Name), m.Version)
		if m.LastModifiedUser != nil {
			text += " by " + *m.LastModifiedUser
		}
		events = append(events, diag.Event{At: *m.LastModifiedDate, Resource: resourceOf(m), Source: callParameters,
			Kind: "change", Text: text})
	}
	return events, err
}

func parameterSettings(ctx context.Context, p *Parameters) ([]diag.Setting, error) {
	list, err := p.List(ctx)
	var settings []diag.Setting
	for _, m := range list {
		add := func(name, value string) {
			if value != "" {
				settings = append(settings, diag.Setting{Resource: resourceOf(m), Name: name, Value: value})
			}
		}
		add("Type", string(m.Type))
		add("Tier", string(m.Tier))
		add("Version", versionText(m.Version))
		add("DataType", aws.ToString(m.DataType))
		add("KeyId", aws.ToString(m.KeyId))
	}
	return settings, err
}
