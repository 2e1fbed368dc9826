package wire

import (
	"bufio"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed testdata/*.jsonl.gz
var recordings embed.FS

// Exchange is one recorded request and its answer.
type Exchange struct {
	Emulator  string `json:"emulator"`
	Service   string `json:"service"`
	Operation string `json:"operation"`
	// Variant tells exchanges of one operation apart: "unknown id -> error".
	Variant string `json:"variant"`
	// Protocol is "query", "x-amz-json-1.0", "x-amz-json-1.1", "rpc-v2-cbor" or "rest".
	Protocol string `json:"protocol"`
	Status   int    `json:"status"`

	RequestText   string `json:"request"`
	RequestBytes  []byte `json:"requestBase64"`
	ResponseText  string `json:"response"`
	ResponseBytes []byte `json:"responseBase64"`
}

// Request returns the recorded body of the request.
func (e Exchange) Request() string { return e.RequestText + string(e.RequestBytes) }

// Response returns the recorded body of the answer.
func (e Exchange) Response() string { return e.ResponseText + string(e.ResponseBytes) }

// Name names the exchange in a test.
func (e Exchange) Name() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", e.Service, e.Operation, e.Variant))
}

// Exchanges returns what was recorded from a server, "moto" or "ministack", in order.
func Exchanges(server string) ([]Exchange, error) {
	file, err := recordings.Open("testdata/" + server + ".jsonl.gz")
	if err != nil {
		return nil, fmt.Errorf("opening the recording of %s: %w", server, err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("unpacking the recording of %s: %w", server, err)
	}
	var exchanges []Exchange
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var e Exchange
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("reading the recording of %s: exchange %d: %w", server, len(exchanges)+1, err)
		}
		exchanges = append(exchanges, e)
	}
	return exchanges, lines.Err()
}
