package kafka

import "context"

type Message struct {
	Topic      string
	Key, Value []byte
}

func (r *Reader) ReadMessage(ctx context.Context) (Message, error) { return Message{}, nil }
