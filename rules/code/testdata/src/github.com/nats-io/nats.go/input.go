package nats

type Msg struct {
	Subject string
	Data    []byte
}

type Subscription struct{}

func (c *Conn) Subscribe(subject string, h func(*Msg)) (*Subscription, error) { return nil, nil }
