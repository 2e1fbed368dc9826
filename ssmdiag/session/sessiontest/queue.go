package sessiontest

import "sync"

// queue is what waits to be delivered. It has no bound of its own: both sides have windows.
type queue[T any] struct {
	mu     sync.Mutex
	items  []T
	signal chan struct{}
	closed chan struct{}
	once   sync.Once
}

func newQueue[T any]() *queue[T] {
	return &queue[T]{signal: make(chan struct{}, 1), closed: make(chan struct{})}
}

func (q *queue[T]) push(items ...T) {
	q.mu.Lock()
	q.items = append(q.items, items...)
	q.mu.Unlock()
	select {
	case q.signal <- struct{}{}:
	default:
	}
}

// pop waits for items and takes all of them. It returns none when the queue is closed.
func (q *queue[T]) pop() []T {
	for {
		q.mu.Lock()
		items := q.items
		q.items = nil
		q.mu.Unlock()
		if len(items) > 0 {
			return items
		}
		select {
		case <-q.signal:
		case <-q.closed:
			return nil
		}
	}
}

func (q *queue[T]) close() { q.once.Do(func() { close(q.closed) }) }
