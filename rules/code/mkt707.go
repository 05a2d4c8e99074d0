package code

import (
	"strings"

	"github.com/staylisted/staylisted/rules"
)

// mkt707 flags input in the text of log lines of logging libraries.
func mkt707() *Rule {
	return newRule(rules.Rule{
		ID:       "MKT707",
		Name:     "log-injection-frameworks",
		Title:    "Request input becomes part of a log line's text",
		Class:    rules.Review,
		Controls: []string{"no-injection-other"},
		CWE:      []int{117},
		Vector:   v53i,
		Flags: "Input in the message or format of logrus, zap's sugared logger and zap's message, zerolog's `Msg`, `Msgf`, `Print`, glog, klog, logr's message, go-kit's and hclog's message, echo's, gin's and fiber's loggers. " +
			"A line break in it forges further lines where the output is text.",
		Safe:        "A field or attribute, which encoders escape; `%q`; `strconv.Quote`; line breaks removed; numbers.",
		Remediation: "Keep the message constant and log the value as a field.",
		Wrong:       "logrus.Infof(\"login of %s\", c.Query(\"user\"))",
		Right:       "logrus.WithField(\"user\", c.Query(\"user\")).Info(\"login\")",
		Frameworks:  []string{"logrus", "zap", "zerolog", "glog", "klog", "logr", "hclog", "echo", "fiber"},
	}, nil, inputPackages, func(p *pkg) []Hit {
		if !p.inputs().possible {
			return nil
		}
		return p.logHits("MKT707", append(p.logTexts(libraryLogs), p.ownLogTexts()...))
	})
}

const (
	leveledPlain = `Trace:0 Debug:0 Print:0 Info:0 Warn:0 Warning:0 Error:0 Fatal:0 Panic:0 Traceln:0 Debugln:0 Println:0 Infoln:0 Warnln:0 Warningln:0 Errorln:0 Fatalln:0 Panicln:0
		Tracef:0,1 Debugf:0,1 Printf:0,1 Infof:0,1 Warnf:0,1 Warningf:0,1 Errorf:0,1 Fatalf:0,1 Panicf:0,1 `
	verbosePlain = `Info:0 Warning:0 Error:0 Fatal:0 Exit:0 Infoln:0 Warningln:0 Errorln:0 Fatalln:0 Exitln:0 Infof:0,1 Warningf:0,1 Errorf:0,1 Fatalf:0,1 Exitf:0,1 InfoDepth:1 WarningDepth:1 ErrorDepth:1 FatalDepth:1 ExitDepth:1
		Verbose.Info:0 Verbose.Infoln:0 Verbose.Infof:0,1 `
)

var libraryLogs = sinkCalls(map[string]string{
	"github.com/sirupsen/logrus": leveledPlain + leveled("Logger") + leveled("Entry") + leveled("FieldLogger") + leveled("StdLogger") + leveled("Ext1FieldLogger") + ` Logger.Log:1 Logger.Logf:1,2 Logger.Logln:1 Entry.Log:1 Entry.Logf:1,2 Entry.Logln:1`,
	"go.uber.org/zap": `SugaredLogger.Debug:0 SugaredLogger.Info:0 SugaredLogger.Warn:0 SugaredLogger.Error:0 SugaredLogger.DPanic:0 SugaredLogger.Panic:0 SugaredLogger.Fatal:0
		SugaredLogger.Debugf:0,1 SugaredLogger.Infof:0,1 SugaredLogger.Warnf:0,1 SugaredLogger.Errorf:0,1 SugaredLogger.DPanicf:0,1 SugaredLogger.Panicf:0,1 SugaredLogger.Fatalf:0,1
		SugaredLogger.Debugw:0 SugaredLogger.Infow:0 SugaredLogger.Warnw:0 SugaredLogger.Errorw:0 SugaredLogger.DPanicw:0 SugaredLogger.Panicw:0 SugaredLogger.Fatalw:0
		Logger.Debug:0 Logger.Info:0 Logger.Warn:0 Logger.Error:0 Logger.DPanic:0 Logger.Panic:0 Logger.Fatal:0 Logger.Check:1
		Logger.Named:0 SugaredLogger.Named:0 SugaredLogger.Debugln:0 SugaredLogger.Infoln:0 SugaredLogger.Warnln:0 SugaredLogger.Errorln:0 SugaredLogger.DPanicln:0 SugaredLogger.Panicln:0 SugaredLogger.Fatalln:0`,
	"github.com/rs/zerolog":               `Event.Msg:0 Event.Msgf:0,1 Logger.Print:0 Logger.Printf:0,1`,
	"github.com/rs/zerolog/log":           `Print:0 Printf:0,1`,
	"github.com/golang/glog":              verbosePlain,
	"k8s.io/klog":                         verbosePlain + ` InfoS:0 ErrorS:1`,
	"github.com/go-logr/logr":             `Logger.Info:0 Logger.Error:1`,
	"github.com/hashicorp/go-hclog":       `Logger.Trace:0 Logger.Debug:0 Logger.Info:0 Logger.Warn:0 Logger.Error:0`,
	pathEcho:                              leveled("Logger"),
	"github.com/labstack/gommon/log":      leveledPlain + leveled("Logger"),
	pathFiber + "/log":                    leveledPlain,
	"github.com/charmbracelet/log":        leveledPlain + leveled("Logger"),
	"github.com/astaxie/beego":            beegoLevels(""),
	"github.com/astaxie/beego/logs":       beegoLevels("") + beegoLevels("BeeLogger."),
	"github.com/astaxie/beego/utils":      `Display:0`,
	"github.com/beego/beego/core/logs":    beegoLevels("") + beegoLevels("BeeLogger."),
	"github.com/beego/beego/adapter/logs": beegoLevels("") + beegoLevels("BeeLogger."),
	"github.com/davecgh/go-spew/spew":     `Print:0 Printf:0,1 Println:0`,
	"github.com/phuslu/log":               `Entry.Msg:0 Entry.Msgf:0,1`,
	"github.com/elazarl/goproxy":          `ProxyCtx.Logf:0,1 ProxyCtx.Warnf:0,1`,
})

// leveled returns the methods that loggers with levels share.
func leveled(recv string) string {
	var out strings.Builder
	for _, level := range []string{"Trace", "Debug", "Print", "Info", "Warn", "Warning", "Error", "Fatal", "Panic"} {
		out.WriteString(recv + "." + level + ":0 " + recv + "." + level + "ln:0 " + recv + "." + level + "f:0,1 ")
	}
	return out.String()
}

// beegoLevels returns the functions of beego's loggers, which format their rest
// when the first argument has verbs.
func beegoLevels(recv string) string {
	var out strings.Builder
	for _, level := range []string{"Emergency", "Alert", "Critical", "Error", "Warning", "Warn", "Notice", "Informational", "Info", "Debug", "Trace"} {
		out.WriteString(recv + level + ":0,1 ")
	}
	return out.String()
}
