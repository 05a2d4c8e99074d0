package amqp091

type Delivery struct{ Body []byte }
