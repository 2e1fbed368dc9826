package sessiontest

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
)

// ServeHTTP answers the API and opens data channels.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if id, ok := strings.CutPrefix(r.URL.Path, "/v1/data-channel/"); ok {
		g.serveChannel(w, r, id)
		return
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	g.mu.Lock()
	g.calls = append(g.calls, Call{Operation: operation, Body: string(body)})
	g.mu.Unlock()
	if f, ok := g.world.Failures[operation]; ok {
		fail(w, f.Code, f.Message)
		return
	}
	var input input
	if err := json.Unmarshal(body, &input); err != nil {
		fail(w, "SerializationException", err.Error())
		return
	}
	switch operation {
	case "StartSession":
		g.startSession(w, input)
	case "ResumeSession":
		g.resumeSession(w, input)
	case "TerminateSession":
		g.terminateSession(w, input)
	case "GenerateDataKey":
		g.generateDataKey(w, input)
	default:
		fail(w, "UnknownOperationException", operation)
	}
}

// input has the members of all operations.
type input struct {
	Target, DocumentName, SessionID, KeyID string
	Parameters                             map[string][]string
	NumberOfBytes                          int
	EncryptionContext                      map[string]string
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(v) // the client is gone
}

func fail(w http.ResponseWriter, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": message}) // the client is gone
}

func (g *Gateway) startSession(w http.ResponseWriter, in input) {
	stream, err := g.Open(in.Target, in.DocumentName, in.Parameters)
	if err != nil {
		fail(w, "TargetNotConnected", in.Target+" is not connected.")
		return
	}
	answer(w, map[string]string{"SessionId": stream.SessionID, "StreamUrl": stream.URL, "TokenValue": stream.Token})
}

// room finds a session, nil if there is none.
func (g *Gateway) room(id string) *room {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sessions[id]
}

func (g *Gateway) resumeSession(w http.ResponseWriter, in input) {
	r := g.room(in.SessionID)
	switch {
	case r == nil:
		fail(w, "DoesNotExistException", "Session "+in.SessionID+" does not exist.")
	case r.over(): // the service answers without a token
		answer(w, map[string]string{"SessionId": r.id})
	default:
		answer(w, map[string]string{"SessionId": r.id, "StreamUrl": g.address(r.id), "TokenValue": r.token()})
	}
}

func (g *Gateway) terminateSession(w http.ResponseWriter, in input) {
	if r := g.room(in.SessionID); r != nil {
		r.end("")
	}
	answer(w, map[string]string{"SessionId": in.SessionID})
}

// dataKey is what KMS knows of a key that it has made.
type dataKey struct {
	plain   []byte
	context map[string]string
}

func (g *Gateway) generateDataKey(w http.ResponseWriter, in input) {
	plain, cipher := make([]byte, in.NumberOfBytes), make([]byte, 40)
	_, _ = rand.Read(plain)  // never fails (package crypto/rand)
	_, _ = rand.Read(cipher) // as above
	g.mu.Lock()
	g.keys[string(cipher)] = dataKey{plain: plain, context: in.EncryptionContext}
	g.mu.Unlock()
	answer(w, map[string]any{"KeyId": in.KeyID, "Plaintext": plain, "CiphertextBlob": cipher})
}

// decrypt gives the plain key back if the context is the same.
func (g *Gateway) decrypt(cipher []byte, context map[string]string) ([]byte, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	key, ok := g.keys[string(cipher)]
	return key.plain, ok && maps.Equal(key.context, context)
}
