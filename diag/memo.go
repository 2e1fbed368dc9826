package diag

import (
	"context"
	"sync"
)

// Memo fetches a value once and shares it, or its error, with everybody who asks. The zero value is ready.
// Cancellation is not remembered: who asks later with a live context fetches anew. Safe for concurrent use; it must
// not be copied after first use.
type Memo[T any] struct {
	mu     sync.Mutex
	flight *flight[T]
}

type flight[T any] struct {
	done  chan struct{}
	value T
	err   error
}

// Get returns the value, calling fetch if nobody has yet. Who waits for another's fetch waits no longer than its own
// context lives.
func (m *Memo[T]) Get(ctx context.Context, fetch func(context.Context) (T, error)) (T, error) {
	for {
		m.mu.Lock()
		f := m.flight
		if f == nil {
			f = &flight[T]{done: make(chan struct{}), err: errPanicked}
			m.flight = f
			m.mu.Unlock()
			m.fly(ctx, f, fetch)
			return f.value, f.err
		}
		m.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			var zero T
			return zero, Cause(ctx)
		}
		if !forgets(f.err) {
			return f.value, f.err
		}
		if ctx.Err() != nil {
			return f.value, Cause(ctx)
		}
	}
}

// Set gives the value beforehand, for a subject that is born described. It has no effect once a fetch has begun.
func (m *Memo[T]) Set(value T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.flight == nil {
		m.flight = &flight[T]{done: make(chan struct{}), value: value}
		close(m.flight.done)
	}
}

var errPanicked = Errorf(KindPanic, "a shared fetch ended its goroutine")

// fly runs fetch and publishes its outcome. A panic is its error, for whoever asked: one who waits learns as much as
// the one whose call it was.
func (m *Memo[T]) fly(ctx context.Context, f *flight[T], fetch func(context.Context) (T, error)) {
	defer func() {
		if p := recover(); p != nil {
			f.err = panicked("panic", p)
		}
		if forgets(f.err) {
			m.mu.Lock()
			m.flight = nil
			m.mu.Unlock()
		}
		close(f.done)
	}()
	f.value, f.err = fetch(ctx)
}

// forgets reports an error that says nothing about AWS, only about who asked.
func forgets(err error) bool {
	kind := KindOf(err)
	return kind == KindCanceled || kind == KindBudget
}

// MemoMap is a [Memo] for each key. The zero value is ready; it must not be copied after first use.
type MemoMap[K comparable, T any] struct {
	mu    sync.Mutex
	memos map[K]*Memo[T]
}

// Get returns the value of a key, calling fetch if nobody has yet.
func (m *MemoMap[K, T]) Get(ctx context.Context, key K, fetch func(context.Context) (T, error)) (T, error) {
	return m.at(key).Get(ctx, fetch)
}

// Set gives the value of a key beforehand; see [Memo.Set].
func (m *MemoMap[K, T]) Set(key K, value T) { m.at(key).Set(value) }

func (m *MemoMap[K, T]) at(key K) *Memo[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.memos == nil {
		m.memos = map[K]*Memo[T]{}
	}
	memo := m.memos[key]
	if memo == nil {
		memo = new(Memo[T])
		m.memos[key] = memo
	}
	return memo
}
