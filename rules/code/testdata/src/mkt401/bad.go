// Package mkt401 exercises rule MKT401.
package mkt401

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"os"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-resty/resty/v2"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
	"golang.org/x/oauth2"
)

type config struct {
	Addr         string
	ClientSecret string
	db           struct{ dbPassword string }
}

type session struct {
	User string
	note string
}

func names(password, apiKey string, cfg *config) {
	log.Println(password)                       // want `V MKT401: password reaches log.Println; leave it out or mask it$`
	log.Printf("key %s", apiKey)                // want `V MKT401: apiKey reaches log.Printf`
	log.Printf("%s", cfg.ClientSecret)          // want `V MKT401: cfg.ClientSecret reaches log.Printf`
	log.Print("secret: " + cfg.ClientSecret)    // want `V MKT401: cfg.ClientSecret reaches log.Print`
	log.Fatalf("login %q failed", password)     // want `V MKT401: password reaches log.Fatalf`
	fmt.Println("got", strings.ToLower(apiKey)) // want `V MKT401: apiKey reaches fmt.Println`
	fmt.Fprintf(os.Stderr, "%v\n", apiKey)      // want `V MKT401: apiKey reaches fmt.Fprintf`
	if password == "" {
		panic("bad key " + apiKey) // want `V MKT401: apiKey is shown by a panic; leave it out or mask it$`
	}
}

func structured(ctx context.Context, tok *oauth2.Token, refreshToken string) {
	slog.Info("refreshed", "token", tok.AccessToken)                        // want `V MKT401: tok.AccessToken reaches slog.Info`
	slog.InfoContext(ctx, "refreshed", slog.String("t", refreshToken))      // want `V MKT401: refreshToken reaches slog.String`
	slog.Default().With("refresh", refreshToken).Debug("x")                 // want `V MKT401: refreshToken reaches Logger.With`
	slog.LogAttrs(ctx, slog.LevelInfo, "x", slog.Any("all", tok))           // want `V MKT401: tok with its field AccessToken reaches slog.Any`
	zap.L().Info("x", zap.String("t", tok.RefreshToken), zap.Int("n", 1))   // want `V MKT401: tok.RefreshToken reaches zap.String`
	zap.L().With(zap.Any("tok", tok)).Info("x")                             // want `V MKT401: tok with its field AccessToken reaches zap.Any`
	zap.L().Sugar().Infow("x", "t", refreshToken, "n", 1)                   // want `V MKT401: refreshToken reaches SugaredLogger.Infow`
	zap.L().Sugar().Infof("%s", refreshToken)                               // want `V MKT401: refreshToken reaches SugaredLogger.Infof`
	logrus.WithField("token", refreshToken).Info("x")                       // want `V MKT401: refreshToken reaches logrus.WithField`
	logrus.WithFields(logrus.Fields{"user": 1, "t": refreshToken}).Info("") // want `V MKT401: refreshToken reaches logrus.WithFields`
	logrus.Infof("%v", tok)                                                 // want `V MKT401: tok with its field AccessToken reaches logrus.Infof`
}

func chain(l *zerolog.Logger, clientSecret string, err error) {
	l.Info().Str("secret", clientSecret).Msg("x")                     // want `V MKT401: clientSecret reaches Event.Str`
	l.Info().Msgf("secret %s", clientSecret)                          // want `V MKT401: clientSecret reaches Event.Msgf`
	_ = l.With().Str("s", clientSecret).Logger()                      // want `V MKT401: clientSecret reaches Context.Str`
	l.Info().Err(fmt.Errorf("bad %s: %w", clientSecret, err)).Msg("") // want `V MKT401: clientSecret reaches Event.Err`
}

func spans(span trace.Span, sessionToken string) {
	span.SetAttributes(attribute.String("session", sessionToken))     // want `V MKT401: sessionToken reaches attribute.String`
	span.SetAttributes(attribute.Key("session").String(sessionToken)) // want `V MKT401: sessionToken reaches Key.String`
}

func requests(w http.ResponseWriter, r *http.Request) {
	log.Println(r.Header.Get("Authorization")) // want `V MKT401: the Authorization header reaches log.Println`
	auth := r.Header.Get("Authorization")
	log.Printf("auth %q", strings.TrimPrefix(auth, "Bearer ")) // want `V MKT401: the Authorization header reaches log.Printf`
	log.Println(r.Header["X-Api-Key"])                         // want `V MKT401: the X-Api-Key header reaches log.Println`
	_, pw, _ := r.BasicAuth()
	log.Println(pw)                                                                      // want `V MKT401: pw reaches log.Println`
	log.Println(r.FormValue("password"))                                                 // want `V MKT401: password reaches log.Println`
	log.Println(base64.StdEncoding.EncodeToString([]byte(r.FormValue("client_secret")))) // want `V MKT401: client_secret reaches log.Println`
	c, _ := r.Cookie("session_id")
	log.Println(c.Value) // want `V MKT401: the value of cookie session_id reaches log.Println`
	parts := strings.Split(auth, " ")
	log.Println(parts[1]) // want `V MKT401: the Authorization header reaches log.Println`
}

func dumps(r *http.Request) {
	b, _ := httputil.DumpRequest(r, true)
	log.Printf("%s", b)                   // want `V MKT401: a dump of the request reaches log.Printf`
	slog.Debug("in", "headers", r.Header) // want `V MKT401: all headers of the request reaches slog.Debug`
	log.Printf("%+v", r)                  // want `V MKT401: the whole request reaches log.Printf`
}

func ginHandler(c *gin.Context) {
	log.Println(c.GetHeader("Authorization")) // want `V MKT401: the Authorization header reaches log.Println`
	log.Println(c.PostForm("password"))       // want `V MKT401: password reaches log.Println`
}

func environment() {
	log.Println(os.Getenv("STRIPE_KEY")) // want `V MKT401: STRIPE_KEY reaches log.Println`
	v, _ := os.LookupEnv("GITHUB_TOKEN")
	log.Println("using " + v) // want `V MKT401: GITHUB_TOKEN reaches log.Println`
	dsn := fmt.Sprintf("postgres://app:%s@db/app", os.Getenv("DB_PASSWORD"))
	log.Printf("connecting to %s", dsn) // want `V MKT401: DB_PASSWORD reaches log.Printf`
}

func whole(cfg config, clientSecret string) {
	log.Printf("%+v", cfg)                          // want `V MKT401: cfg with its field ClientSecret reaches log.Printf`
	log.Printf("%+v", &cfg)                         // want `V MKT401: cfg with its field ClientSecret reaches log.Printf`
	log.Println(config{ClientSecret: clientSecret}) // want `V MKT401: field ClientSecret reaches log.Println`
	s := session{User: "u", note: clientSecret}
	log.Println(s)      // want `V MKT401: clientSecret reaches log.Println`
	log.Println(s.note) // want `V MKT401: clientSecret reaches log.Println`
	b, _ := json.Marshal(cfg)
	log.Println(string(b)) // want `V MKT401: cfg with its field ClientSecret reaches log.Println`
}

func newToken() string { return readSecretFile() }

func readSecretFile() string { b, _ := os.ReadFile("x"); return string(b) }

func refuse(apiToken string) error { return fmt.Errorf("token %s was refused", apiToken) }

func describe(s string) string { return "<" + s + ">" }

func flows(apiToken string) {
	if err := refuse(apiToken); err != nil {
		log.Println(err) // want `V MKT401: apiToken reaches log.Println`
	}
	wrapped := errors.Join(refuse(apiToken))
	log.Println(wrapped.Error()) // want `V MKT401: apiToken reaches log.Println`
	line := describe(apiToken)
	log.Println(line) // want `V MKT401: apiToken reaches log.Println`
	t := newToken()
	log.Println(t) // want `V MKT401: newToken\(\) reaches log.Println`
	inner(apiToken)
	logf("token %s", apiToken) // want `V MKT401: apiToken reaches logf`
}

func inner(x string) {
	log.Println(x) // want `V MKT401: apiToken reaches log.Println`
}

func logf(format string, args ...any) { log.Printf(format, args...) }

type level string

type plainSecret string

func (p plainSecret) String() string { return string(p) }

func shown(secret plainSecret) {
	log.Println(secret)          // want `V MKT401: secret reaches log.Println`
	log.Println(secret.String()) // want `V MKT401: secret reaches log.Println`
}

func literal() {
	password := "P@ssw0rd"
	log.Println(password) // want `V MKT401: password reaches log.Println`
}

func debug(verbose bool) *resty.Client {
	c := resty.New().SetDebug(true) // want `V MKT401: Client.SetDebug logs every request with its credentials; remove it or mask them$`
	if verbose {
		c.SetDebug(true) // want `R MKT401: Client.SetDebug logs every request`
	}
	c.SetDebug(verbose)
	return c
}

func doubtful(r *http.Request, csrfToken, dsn string, lookup func() string) {
	log.Println(csrfToken)            // want `R MKT401: csrfToken reaches log.Println`
	log.Println(dsn)                  // want `R MKT401: dsn reaches log.Println`
	slog.Info("x", "token", lookup()) // want `R MKT401: the value of token reaches slog.Info`
	c, _ := r.Cookie("theme")
	log.Println(c.Value) // want `R MKT401: the value of a cookie reaches log.Println|R MKT401: the value of cookie theme reaches log.Println`
}

func answer(resp *http.Response) {
	b, _ := httputil.DumpResponse(resp, false)
	log.Printf("%s", b) // want `R MKT401: a dump of the response reaches log.Printf`
}
