package journal

import (
	"encoding/json"
	"time"
)

// Head says what a run was asked to do and where. It must be unchanged when a later run
// continues. It contains no secrets.
type Head struct {
	ID       string          `json:"id"`
	File     string          `json:"file"`               // as the user named it
	Digest   string          `json:"digest"`             // SHA-256 of the file, hex
	Mode     string          `json:"mode"`               // create, adjust or set
	ImportID string          `json:"importId"`           // tokens derive from it
	Profile  string          `json:"profile"`            //
	BaseURL  string          `json:"baseUrl"`            //
	Tenant   string          `json:"tenant"`             // the store, if the API reports it
	Shard    string          `json:"shard,omitempty"`    // I/N
	Undoes   string          `json:"undoes,omitempty"`   // the run that this one undoes
	Options  json.RawMessage `json:"options"`            // how to read and send the file
	Input    json.RawMessage `json:"input,omitempty"`    // what was detected about its table
	Plan     json.RawMessage `json:"plan,omitempty"`     // the seal of the plan; missing if an older version made the run, without a plan
	Mark     json.RawMessage `json:"mark,omitempty"`     // the end of the movement log before the first request
	Timeout  time.Duration   `json:"timeout"`            // of one request, in nanoseconds: how long it may still arrive after it was sent
	Lookback time.Duration   `json:"lookback,omitempty"` // how long the run is kept for comparison after it has finished
	Started  time.Time       `json:"started"`
	Finished *time.Time      `json:"finished,omitempty"` // when every row had a final state
	Rows     int64           `json:"rows"`
	Rejects  []string        `json:"rejects,omitempty"` // the rejects files that were written
	Holds    []string        `json:"holds,omitempty"`   // the files of held rows that were written
}

// Identity returns the id of the run, and when it finished.
func (h Head) Identity() (id string, finished *time.Time) { return h.ID, h.Finished }
