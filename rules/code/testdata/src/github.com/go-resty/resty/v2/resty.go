// Package resty is a stub for tests: only declarations, written by hand.
package resty

type Client struct{}

type Request struct{}

type Response struct{}

func New() *Client { return nil }

func (c *Client) SetBaseURL(u string) *Client { return c }

func (c *Client) R() *Request { return nil }

func (r *Request) Get(u string) (*Response, error) { return nil, nil }

func (r *Request) Execute(method, u string) (*Response, error) { return nil, nil }

func (r *Request) SetHeader(k, v string) *Request { return r }

func (c *Client) SetDebug(d bool) *Client { return c }

func (r *Request) SetQueryParam(param, value string) *Request { return r }

func (r *Request) SetQueryParams(params map[string]string) *Request { return r }

func (r *Request) SetAuthToken(token string) *Request { return r }

func (r *Request) SetFormData(data map[string]string) *Request { return r }
