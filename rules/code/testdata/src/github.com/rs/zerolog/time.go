package zerolog

import "io"

func New(w io.Writer) Logger { return Logger{} }

func (c Context) Timestamp() Context { return c }
