package seeing

import (
	"encoding/json"
	"errors"
	"io/fs"
	"time"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/app"
	"github.com/bayworks/stockctl/internal/await"
	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
)

// maxState limits the size of a state file, in bytes.
const maxState = 64 << 20

// memory contains the records of a store that were reported and have not recovered since.
type memory struct {
	path string
	lock *flock.Flock
	kept remembered
}

// remembered is the format of the file.
type remembered struct {
	Version int    `json:"version"`
	Store   string `json:"store"` // the base URL: records of another store have other ids
	// Reported contains the records by id.
	Reported map[string]reported `json:"reported"`
}

type reported struct {
	WarehouseID string    `json:"warehouseId"`
	At          time.Time `json:"at"`
}

// openMemory reads the file, or starts with an empty one. The file stays locked until
// close, since two concurrent runs would report everything twice.
func openMemory(a *app.App, path string) (*memory, error) {
	c, err := a.Config()
	if err != nil {
		return nil, err
	}
	store := c.BaseURL().Value
	if c.IsSandbox() {
		store = "sandbox"
	}
	m := &memory{path: path, lock: flock.New(path + ".lock"), kept: remembered{Version: 1, Store: store}}
	free, err := m.lock.TryLock()
	switch {
	case err != nil:
		return nil, failure.Usagef("--state: %w", err)
	case !free:
		return nil, failure.New(failure.Unavailable, "--state %s is in use by another run", path)
	}
	m.kept.Reported = map[string]reported{}
	text, err := await.ReadFile(a.Context, path, maxState)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return nil, failure.Usagef("--state: %w", err)
	}
	var old remembered
	err = json.Unmarshal(text, &old)
	switch {
	case err != nil || old.Version != 1 || old.Reported == nil:
		return nil, failure.Usagef("--state %s is not a state file of low-stock", path).Hint("name another file, or remove this one to report everything again")
	case old.Store != store:
		return nil, failure.Usagef("--state %s is for another store (%s)", path, old.Store).Hint("use a separate file for each store")
	}
	m.kept = old
	return m, nil
}

func (m *memory) knows(id string) bool {
	_, known := m.kept.Reported[id]
	return known
}

// recover removes the records that are no longer low. It keeps those in warehouses
// that this run did not examine.
func (m *memory) recover(warehouseID string, low []notice) {
	still := map[string]bool{}
	for _, n := range low {
		still[n.ID] = true
	}
	for id, r := range m.kept.Reported {
		if !still[id] && (warehouseID == "" || r.WarehouseID == warehouseID) {
			delete(m.kept.Reported, id)
		}
	}
}

func (m *memory) add(now time.Time, fresh []notice) {
	for _, n := range fresh {
		m.kept.Reported[n.ID] = reported{n.WarehouseID, now.UTC()}
	}
}

// close releases the lock.
func (m *memory) close() {
	if m != nil {
		_ = m.lock.Unlock() // it ends with the program at the latest
	}
}

// save replaces the file.
func (m *memory) save() error {
	text, err := json.MarshalIndent(m.kept, "", "  ")
	if err == nil {
		err = durable.Replace(m.path, append(text, '\n'), 0o600)
	}
	if err != nil {
		return failure.New(failure.Unexpected, "saving what was reported: %w", err)
	}
	return nil
}
