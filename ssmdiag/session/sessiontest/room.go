package sessiontest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/coder/websocket"

	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/cork"
	"github.com/awsdiag/awsdiag/ssmdiag/session/internal/wire"
)

// room is a session: a client on one side, an agent on the other.
type room struct {
	gateway    *Gateway
	id         string
	target     string
	document   string
	parameters map[string][]string
	agent      *peer
	ctx        context.Context
	cancel     context.CancelFunc
	up, down   *lane // to the agent, to the client

	mu     sync.Mutex
	tokens map[string]bool
	count  int
	client *visitor // nil while it is away
	closed bool
}

// visitor is one connection of a client.
type visitor struct {
	conn *websocket.Conn
	raw  *cork.Conn
	out  *queue[[]byte]
	// count is how many messages were sent.
	count int
}

func newRoom(g *Gateway, id, target, document string, parameters map[string][]string, agent Agent) *room {
	r := &room{gateway: g, id: id, target: target, document: document, parameters: parameters, tokens: map[string]bool{}}
	r.ctx, r.cancel = context.WithCancel(g.ctx)
	r.agent = newPeer(r, agent)
	r.up = newLane(g.world.Faults, 1, r.agent.take)
	r.down = newLane(g.world.Faults, 2, r.toClient)
	return r
}

// token makes a token, which opens one connection.
func (r *room) token() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	t := fmt.Sprintf("%s-token-%d", r.id, r.count)
	r.tokens[t] = true
	return t
}

func (r *room) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}

// fromAgent takes a frame that the agent sends.
func (r *room) fromAgent(frame []byte) {
	if r.gateway.world.Record != nil {
		r.gateway.world.Record("agent", frame)
	}
	r.down.send(frame)
}

// toClient delivers a frame, or loses it while the client is away.
func (r *room) toClient(frame []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client != nil {
		r.client.out.push(frame)
	}
}

// serveChannel is a client's connection.
func (g *Gateway) serveChannel(w http.ResponseWriter, req *http.Request, id string) {
	conn, err := websocket.Accept(w, req, nil)
	if err != nil {
		return
	}
	conn.SetReadLimit(1 << 20)
	raw := req.Context().Value(rawKey{}).(*cork.Conn)
	defer raw.Close()
	defer conn.CloseNow()
	_, first, err := conn.Read(g.ctx)
	var open wire.Open
	r := g.room(id)
	if err != nil || r == nil || json.Unmarshal(first, &open) != nil || !r.enter(conn, raw, open.TokenValue) {
		_ = conn.Close(websocket.StatusPolicyViolation, "token") // the client is to see it; it may be gone
		return
	}
	r.read(conn)
}

// enter lets a client in, in place of one that was there.
func (r *room) enter(conn *websocket.Conn, raw *cork.Conn, token string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.tokens[token] || r.closed {
		return false
	}
	delete(r.tokens, token)
	v := &visitor{conn: conn, raw: raw, out: newQueue[[]byte]()}
	if r.client != nil {
		r.client.out.close()
	}
	r.client = v
	v.out.push(publication(wire.StartPublication))
	r.gateway.all.Go(func() { r.write(v) })
	r.agent.present(true)
	return true
}

// read passes on what the client sends until its connection ends.
func (r *room) read(conn *websocket.Conn) {
	for {
		kind, message, err := conn.Read(context.Background()) // a context that never ends costs nothing
		if err != nil {
			r.leave(conn)
			return
		}
		if kind != websocket.MessageBinary {
			continue
		}
		if r.gateway.world.Record != nil {
			r.gateway.world.Record("client", message)
		}
		r.up.send(message)
	}
}

// leave notes that a client has gone.
func (r *room) leave(conn *websocket.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client != nil && r.client.conn == conn {
		r.client.out.close()
		r.client = nil
		r.agent.present(false)
	}
}

func (r *room) write(v *visitor) {
	for items := v.out.pop(); items != nil; items = v.out.pop() {
		v.raw.Hold()
		err := v.batch(items, r.gateway.world.Faults.Fragment)
		if errors.Join(err, v.raw.Release()) != nil {
			return
		}
	}
}

// batch sends messages, some of them in pieces.
func (v *visitor) batch(messages [][]byte, fragment float64) error {
	for _, m := range messages {
		pieces := 1
		if v.count++; float64(v.count%100) < fragment*100 {
			pieces = 3
		}
		if err := write(context.Background(), v.conn, m, pieces); err != nil {
			return err
		}
	}
	return nil
}

// write sends a message in pieces.
func write(ctx context.Context, conn *websocket.Conn, message []byte, pieces int) error {
	if pieces == 1 {
		return conn.Write(ctx, websocket.MessageBinary, message)
	}
	w, err := conn.Writer(ctx, websocket.MessageBinary)
	if err != nil {
		return err
	}
	for size := len(message)/pieces + 1; len(message) > 0; {
		n := min(size, len(message))
		if _, err := w.Write(message[:n]); err != nil {
			return err
		}
		message = message[n:]
	}
	return w.Close()
}

// kick closes the client's connection.
func (r *room) kick() {
	r.mu.Lock()
	v := r.client
	r.client = nil
	if v != nil {
		v.out.close()
		r.agent.present(false)
	}
	r.mu.Unlock()
	if v != nil {
		_ = v.conn.Close(websocket.StatusNormalClosure, "Bye") // it may be gone
	}
}

// drop cuts the client's connection.
func (r *room) drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client != nil {
		r.client.out.close()
		_ = r.client.raw.Close() // it may be gone
	}
}

// end tells the client that the session is over, and ends the agent's part.
func (r *room) end(text string) {
	payload, _ := json.Marshal(wire.Closed{MessageID: wire.NewID().String(), SessionID: r.id, DestinationID: r.target,
		MessageType: string(wire.ChannelClosed), SchemaVersion: 1, Output: text}) // strings alone
	r.mu.Lock()
	if !r.closed && r.client != nil {
		closed := wire.Frame{Type: wire.ChannelClosed, Created: now(), ID: wire.NewID(), Payload: payload}
		r.client.out.push(closed.Append(nil))
	}
	r.closed = true
	r.mu.Unlock()
	r.cancel()
	r.agent.in.close()
}
