package gin

import (
	"mime/multipart"
	"net/http"
)

type ResponseWriter interface {
	http.ResponseWriter
	WriteString(s string) (int, error)
}

func (c *Context) DefaultQuery(k, def string) string { return "" }

func (c *Context) GetQuery(k string) (string, bool) { return "", false }

func (c *Context) GetRawData() ([]byte, error) { return nil, nil }

func (c *Context) BindJSON(v any) error { return nil }

func (c *Context) ShouldBindUri(v any) error { return nil }

func (c *Context) FormFile(name string) (*multipart.FileHeader, error) { return nil, nil }

func (c *Context) SaveUploadedFile(f *multipart.FileHeader, dst string) error { return nil }

func (c *Context) File(path string) {}

func (c *Context) Data(code int, contentType string, data []byte) {}

func (c *Context) String(code int, format string, values ...any) {}
