package resty

import "time"

func (c *Client) SetRetryCount(n int) *Client { return c }

func (c *Client) SetTimeout(d time.Duration) *Client { return c }
