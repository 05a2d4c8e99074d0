package bson

type E struct {
	Key   string
	Value any
}

type D []E

func UnmarshalExtJSON(data []byte, canonical bool, v any) error { return nil }
