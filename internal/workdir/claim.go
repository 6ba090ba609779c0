package workdir

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/bayworks/stockctl/internal/durable"
)

// claimsName must not be a possible name of a piece of work.
const claimsName = "claims"

// Claim reserves a name for this process until giveBack is called or the process ends.
// taken is false if another process has the name.
func (s Store[H]) Claim(name string) (giveBack func() error, taken bool, err error) {
	dir := filepath.Join(s.Dir, claimsName)
	if err := durable.MakeFolder(dir); err != nil {
		return nil, false, fmt.Errorf("creating the folder for claims: %w", err)
	}
	sum := sha256.Sum256([]byte(name))
	lock := flock.New(filepath.Join(dir, hex.EncodeToString(sum[:8])), flock.SetPermissions(0o600))
	taken, err = lock.TryLock()
	return lock.Unlock, taken, err
}
