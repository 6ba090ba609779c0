package api

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// quickRecord decodes the usual response to a write: success, with a complete record. It
// returns false for all other responses, which are judged as usual. It is faster because
// it does not decode the envelope separately and uses the coming version of the json
// package, which is stricter and takes half the time. Both matter in a bulk import.
func quickRecord(body []byte, out *Record) bool {
	var e struct {
		Status     bool           `json:"status"`
		StatusCode jsontext.Value `json:"statusCode"`
		Data       recordWire     `json:"data"`
	}
	if json.Unmarshal(body, &e, json.MatchCaseInsensitiveNames(true)) != nil || !e.Status || e.StatusCode != nil || e.Data.ID == "" {
		return false
	}
	*out = e.Data.record()
	return true
}
