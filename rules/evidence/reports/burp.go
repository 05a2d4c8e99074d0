package reports

import (
	"encoding/base64"
	"strings"
)

// burpReport is Burp Suite's XML report of issues
// (https://portswigger.net/burp/documentation/scanner/report-results).
type burpReport struct {
	Exported string `xml:"exportTime,attr"`
	Issues   []struct {
		Type            string `xml:"type"`
		Name            string `xml:"name"`
		Host            string `xml:"host"`
		Path            string `xml:"path"`
		Severity        string `xml:"severity"`
		Confidence      string `xml:"confidence"`
		Classifications string `xml:"vulnerabilityClassifications"`
		Messages        []struct {
			Request  burpMessage `xml:"request"`
			Response burpMessage `xml:"response"`
		} `xml:"requestresponse"`
	} `xml:"issue"`
}

type burpMessage struct {
	Base64 string `xml:"base64,attr"`
	Text   string `xml:",chardata"`
}

// headers returns the headers of a message, of which nothing is kept.
func (m burpMessage) headers() string {
	text := m.Text
	if m.Base64 == "true" {
		if data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil {
			text = string(data)
		}
	}
	head, _, _ := strings.Cut(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n")
	return head
}

// burpWeaknesses name the weakness of issue types that carry no classification,
// by Burp's type index (https://portswigger.net/kb/issues).
var burpWeaknesses = map[string]int{
	"1048832": 78, "1049088": 89, "1049104": 94, "1049344": 22, "1049600": 91, "1051136": 352, "2097408": 79, "2097920": 79, "2097936": 79,
	"3145984": 918, "5243136": 352, "5243648": 598, "5243904": 614, "5244416": 1004, "5245344": 1021, "5247488": 601, "16777728": 319, "8389120": 942,
}

// burp reads the XML report.
func (r *reader) burp(in Input, data []byte) error {
	var report burpReport
	if err := unmarshalXML(data, &report); err != nil {
		return err
	}
	if len(report.Issues) == 0 {
		r.note("%s: it lists no issue and so names no host; a Burp report proves a scan only with its informational issues", printable(in.Name))
	}
	at := instant(report.Exported)
	credentials := false
	var hosts []string
	byHost := map[string][]alert{}
	open := map[string]bool{}
	for _, issue := range report.Issues {
		for _, m := range issue.Messages {
			credentials = credentials || hasCredentials(m.Request.headers()) || hasCredentials(m.Response.headers())
		}
		a := alert{tool: "Burp Suite", id: strings.TrimSpace(issue.Type), title: issue.Name, cwe: cweIn(issue.Classifications),
			target: strings.TrimSpace(issue.Host) + strings.TrimSpace(issue.Path), sure: !strings.EqualFold(strings.TrimSpace(issue.Confidence), "Tentative")}
		if weakness, known := burpWeaknesses[a.id]; known && len(a.cwe) == 0 {
			a.cwe = []int{weakness}
		}
		switch strings.ToLower(strings.TrimSpace(issue.Severity)) {
		case "information", "info":
			a.risk = riskInfo
		case "low":
			a.risk = riskLow
		case "medium":
			a.risk = riskMedium
		case "false positive":
			continue
		default: // High, and what cannot be read is not taken for harmless
			a.risk = riskHigh
		}
		host := hostOf(issue.Host)
		if _, known := byHost[host]; !known {
			hosts = append(hosts, host)
		}
		byHost[host] = append(byHost[host], a)
		open[host] = open[host] || deployed(issue.Host)
	}
	for _, host := range hosts {
		r.dynamic(in, dynamicScan{tool: "Burp Suite", host: host, deployed: open[host], at: at}, byHost[host])
	}
	r.committed(in, credentials)
	return nil
}
