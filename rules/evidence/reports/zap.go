package reports

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// ZAP's traditional report, as JSON and as XML (https://www.zaproxy.org/docs/desktop/addons/report-generation/).
// Numbers are written as texts.

type zapReport struct {
	Generated word            `json:"@generated"`
	Created   word            `json:"created"`
	Site      json.RawMessage `json:"site"`
}

type zapSite struct {
	Name   word              `json:"@name"`
	Alerts laxList[zapAlert] `json:"alerts"`
}

type zapAlert struct {
	PluginID   word                 `json:"pluginid"`
	AlertRef   word                 `json:"alertRef"`
	Alert      word                 `json:"alert"`
	Name       word                 `json:"name"`
	RiskCode   word                 `json:"riskcode"`
	Confidence word                 `json:"confidence"`
	CWE        word                 `json:"cweid"`
	Instances  laxList[zapInstance] `json:"instances"`
}

type zapInstance struct {
	URI            word `json:"uri"`
	Param          word `json:"param"`
	RequestHeader  word `json:"request-header"`
	ResponseHeader word `json:"response-header"`
}

// zapXMLReport is the same as XML.
type zapXMLReport struct {
	Generated string `xml:"generated,attr"`
	Created   string `xml:"created,attr"`
	Sites     []struct {
		Name   string    `xml:"name,attr"`
		Alerts *struct { // nil without a list, maybe an empty one
			Items []struct {
				PluginID   string `xml:"pluginid"`
				Alert      string `xml:"alert"`
				Name       string `xml:"name"`
				RiskCode   string `xml:"riskcode"`
				Confidence string `xml:"confidence"`
				CWE        string `xml:"cweid"`
				URI        string `xml:"uri"` // older reports list no instances
				Param      string `xml:"param"`
				Instances  []struct {
					URI            string `xml:"uri"`
					Param          string `xml:"param"`
					RequestHeader  string `xml:"requestheader"`
					ResponseHeader string `xml:"responseheader"`
				} `xml:"instances>instance"`
			} `xml:"alertitem"`
		} `xml:"alerts"`
	} `xml:"site"`
}

func (r *reader) zapJSON(in Input, data []byte) error {
	var report zapReport
	if err := json.Unmarshal(data, &report); err != nil {
		return fmt.Errorf("it is not valid JSON (%s)", jsonProblem(err))
	}
	var sites laxList[zapSite]
	if sites.UnmarshalJSON(report.Site); sites.v == nil {
		var one zapSite // a report of a single site may hold it without a list
		if json.Unmarshal(report.Site, &one) == nil && one.Name != "" {
			sites.v = []zapSite{one}
		}
	}
	if sites.dropped > 0 || len(sites.v) == 0 && string(report.Site) != "[]" {
		return errors.New("its sites have another shape than ZAP's traditional report; export the traditional JSON report")
	}
	at := instant(string(report.Created), string(report.Generated))
	credentials := false
	for _, s := range sites.v {
		if !s.Alerts.there {
			return errors.New("a site of it has another shape than ZAP's traditional report: it has no list of alerts; export the traditional JSON report")
		}
		if s.Alerts.dropped > 0 {
			return errors.New("some of its alerts have another shape than ZAP's traditional report; export the traditional JSON report")
		}
		var alerts []alert
		for _, a := range s.Alerts.v {
			kind := zapKind(a.PluginID.or(a.AlertRef), a.Name.or(a.Alert), string(a.RiskCode), string(a.Confidence), string(a.CWE))
			if kind == nil {
				continue
			}
			for _, i := range a.Instances.v {
				credentials = credentials || hasCredentials(string(i.RequestHeader)) || hasCredentials(string(i.ResponseHeader))
				alerts = append(alerts, kind.at(string(i.URI), string(i.Param)))
			}
			if len(a.Instances.v) == 0 {
				alerts = append(alerts, kind.at(string(s.Name), ""))
			}
		}
		r.dynamic(in, dynamicScan{tool: "ZAP", host: hostOf(string(s.Name)), deployed: deployed(string(s.Name)), at: at}, alerts)
	}
	r.committed(in, credentials)
	return nil
}

func (r *reader) zapXML(in Input, data []byte) error {
	var report zapXMLReport
	if err := unmarshalXML(data, &report); err != nil {
		return err
	}
	at := instant(report.Created, report.Generated)
	credentials := false
	for _, s := range report.Sites {
		var alerts []alert
		if s.Alerts == nil {
			return errors.New("a site of it has no list of alerts; export ZAP's traditional XML report")
		}
		for _, a := range s.Alerts.Items {
			name := a.Name
			if name == "" {
				name = a.Alert
			}
			kind := zapKind(a.PluginID, name, a.RiskCode, a.Confidence, a.CWE)
			if kind == nil {
				continue
			}
			for _, i := range a.Instances {
				credentials = credentials || hasCredentials(i.RequestHeader) || hasCredentials(i.ResponseHeader)
				alerts = append(alerts, kind.at(i.URI, i.Param))
			}
			if len(a.Instances) == 0 {
				target := a.URI
				if target == "" {
					target = s.Name
				}
				alerts = append(alerts, kind.at(target, a.Param))
			}
		}
		r.dynamic(in, dynamicScan{tool: "ZAP", host: hostOf(s.Name), deployed: deployed(s.Name), at: at}, alerts)
	}
	r.committed(in, credentials)
	return nil
}

// or returns the first text that is not empty.
func (w word) or(other word) string {
	if w != "" {
		return string(w)
	}
	return string(other)
}

// zapKind reads what an alert says of all its instances; nil for one that ZAP's
// user marked as a false positive (confidence 0).
func zapKind(id, name, riskCode, confidence, cwe string) *alert {
	sure, err := strconv.Atoi(strings.TrimSpace(confidence))
	if err == nil && sure == 0 {
		return nil
	}
	a := &alert{tool: "ZAP", id: id, title: name, sure: sure >= 2}
	switch strings.TrimSpace(riskCode) {
	case "0":
		a.risk = riskInfo
	case "1":
		a.risk = riskLow
	case "2":
		a.risk = riskMedium
	default: // what cannot be read is not taken for harmless
		a.risk = riskHigh
	}
	if n, err := strconv.Atoi(strings.TrimSpace(cwe)); err == nil && n > 0 {
		a.cwe = []int{n}
	}
	return a
}

// at returns the alert at one page. Only the name of the parameter is kept.
func (a *alert) at(target, param string) alert {
	b := *a
	b.target, b.param = target, plain(param, 60)
	return b
}

// hasCredentials reports headers that let a reader act as the user of a scan.
func hasCredentials(header string) bool {
	for line := range strings.Lines(strings.ToLower(header)) {
		name, value, found := strings.Cut(strings.TrimSpace(line), ":")
		if found && strings.TrimSpace(value) != "" && (name == "cookie" || name == "set-cookie" || name == "authorization") {
			return true
		}
	}
	return false
}

// errTwo refuses two reports in one file, of which one would be lost.
var errTwo = errors.New("something follows the end of the report; give every report a file of its own")

// errEntity refuses what an XML file must not do.
var errEntity = errors.New("it defines entities of its own, which are never followed; export it again without a DOCTYPE")

// rootElement returns the name of the first element. Documents that define
// entities are refused before anything is read.
func rootElement(data []byte) (string, error) {
	d := newXMLDecoder(data)
	for {
		token, err := d.Token()
		if err != nil {
			return "", fmt.Errorf("it is not valid XML (%s)", xmlProblem(err))
		}
		switch t := token.(type) {
		case xml.StartElement:
			return t.Name.Local, nil
		case xml.Directive:
			if s := strings.ToUpper(string(t)); strings.Contains(s, "ENTITY") {
				return "", errEntity
			}
		}
	}
}

func newXMLDecoder(data []byte) *xml.Decoder {
	d := xml.NewDecoder(strings.NewReader(string(data)))
	d.Strict = true
	d.Entity = nil
	return d
}

// unmarshalXML reads a document whose entities were refused already: any
// reference but the five of XML itself is an error of the decoder.
func unmarshalXML(data []byte, into any) error {
	d := newXMLDecoder(data)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("it is not valid XML (%s)", xmlProblem(err))
	}
	for {
		switch token, err := d.Token(); t := token.(type) {
		case nil:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("it is not valid XML (%s)", xmlProblem(err))
		case xml.Comment, xml.ProcInst, xml.Directive:
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return errTwo
			}
		default:
			return errTwo
		}
	}
}

// xmlProblem tells what is wrong with XML without quoting it.
func xmlProblem(err error) string {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		what := "it may be cut off"
		if strings.Contains(syntax.Msg, "entity") {
			what = "it uses an entity that XML does not define"
		}
		return fmt.Sprintf("line %d; %s", syntax.Line, what)
	}
	if strings.Contains(err.Error(), "CharsetReader") {
		return "its encoding is not UTF-8; export it as UTF-8"
	}
	return "it may be cut off"
}
