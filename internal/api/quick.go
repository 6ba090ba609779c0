package api

import (
	"encoding/json"
)

// quickRecord reads the answer that nearly every write of a record gets, and
// nothing else: a plain yes with a whole record inside. It reads it in one pass,
// where the long way looks for the envelope first; a bulk import feels that.
// What it does not take, the long way judges.
func quickRecord(body []byte, out *Record) bool {
	var e struct {
		Status     bool            `json:"status"`
		StatusCode json.RawMessage `json:"statusCode"`
		Data       recordWire      `json:"data"`
	}
	if json.Unmarshal(body, &e) != nil || !e.Status || e.StatusCode != nil || e.Data.ID == "" {
		return false
	}
	*out = e.Data.record()
	return true
}
