// Package mkt103tls configures TLS beside the address: nothing to flag.
package mkt103tls

import (
	"crypto/tls"

	"github.com/IBM/sarama"
	"github.com/gocql/gocql"
	"github.com/jackc/pgx/v5"
	amqp "github.com/rabbitmq/amqp091-go"
	goredis "github.com/redis/go-redis/v9"
	segment "github.com/segmentio/kafka-go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

func redis() *goredis.Client {
	o := &goredis.Options{Addr: "cache.acme.io:6379"}
	o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	return goredis.NewClient(o) // ok: TLSConfig is set
}

func redisURL() *goredis.Client {
	o, _ := goredis.ParseURL("redis://cache.acme.io:6379")
	o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	return goredis.NewClient(o) // ok: TLSConfig is set on the parsed options
}

func rabbit() {
	amqp.DialConfig("amqp://mq.acme.io", amqp.Config{TLSClientConfig: &tls.Config{}}) // ok: TLS is given beside the URL
}

func postgres() {
	c, _ := pgx.ParseConfig("postgres://db.acme.io/app?sslmode=disable")
	c.TLSConfig = &tls.Config{}
}

func kafka() {
	c := sarama.NewConfig()
	c.Net.TLS.Enable = true
	sarama.NewSyncProducer([]string{"kafka.acme.io:9093"}, c) // ok: TLS is enabled
}

func reader() {
	segment.NewReader(segment.ReaderConfig{Brokers: []string{"kafka.acme.io:9092"}, Dialer: &segment.Dialer{TLS: &tls.Config{}}}) // ok: the dialer has TLS
}

func cassandra() {
	c := gocql.NewCluster("cass.acme.io")
	c.SslOpts = &gocql.SslOptions{}
}

func rpc(target string, plain bool) {
	creds := credentials.NewTLS(&tls.Config{})
	if plain {
		creds = insecure.NewCredentials()
	}
	grpc.NewClient(target, grpc.WithTransportCredentials(creds))
	if plain {
		grpc.NewClient("orders.acme.io:50051", grpc.WithTransportCredentials(insecure.NewCredentials())) // ok: behind a switch that says plain
	}
}
