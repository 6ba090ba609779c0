package journal

import (
	"encoding/json"
	"time"
)

// Head is what a run was asked to do and where: what a later run must find
// unchanged before it goes on. It holds no secret.
type Head struct {
	ID       string          `json:"id"`
	File     string          `json:"file"`               // as the user named it
	Digest   string          `json:"digest"`             // SHA-256 of those bytes, hex
	Mode     string          `json:"mode"`               // create, adjust or set
	ImportID string          `json:"importId"`           // what tokens are made of
	Profile  string          `json:"profile"`            //
	BaseURL  string          `json:"baseUrl"`            //
	Tenant   string          `json:"tenant"`             // the store, where the API tells it
	Shard    string          `json:"shard,omitempty"`    // I/N
	Undoes   string          `json:"undoes,omitempty"`   // the run that this one undoes
	Options  json.RawMessage `json:"options"`            // how the file is read and sent
	Input    json.RawMessage `json:"input,omitempty"`    // what its table was found to be
	Plan     json.RawMessage `json:"plan,omitempty"`     // the seal of the plan; none: an older version made the run, without one
	Mark     json.RawMessage `json:"mark,omitempty"`     // where the movement log stood before the first send
	Timeout  time.Duration   `json:"timeout"`            // of one request, in nanoseconds: how long a sent one may still arrive
	Lookback time.Duration   `json:"lookback,omitempty"` // how long the run is looked back to after it has finished
	Started  time.Time       `json:"started"`
	Finished *time.Time      `json:"finished,omitempty"` // when every row had a final state
	Rows     int64           `json:"rows"`
	Rejects  []string        `json:"rejects,omitempty"` // the files of refused rows that were written
	Holds    []string        `json:"holds,omitempty"`   // the files of held rows that were written
}

// Identity is the name of the run, and when it was finished.
func (h Head) Identity() (id string, finished *time.Time) { return h.ID, h.Finished }
