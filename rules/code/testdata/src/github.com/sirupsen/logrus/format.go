package logrus

type Formatter interface {
	Format(e *Entry) ([]byte, error)
}

type TextFormatter struct{ DisableTimestamp, FullTimestamp bool }

func (f *TextFormatter) Format(e *Entry) ([]byte, error) { return nil, nil }

func SetFormatter(f Formatter) {}
