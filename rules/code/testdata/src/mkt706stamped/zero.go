package mkt706stamped

import (
	"os"

	"github.com/rs/zerolog"
)

func logger() zerolog.Logger { return zerolog.New(os.Stdout).With().Timestamp().Logger() } // ok: stamped
