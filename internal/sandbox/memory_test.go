package sandbox

import (
	"database/sql/driver"
	"errors"
	"testing"
)

// TestMemoryOutlivesItsConnection makes the pool drop its only connection, as it
// may after any failed call. The data in memory must survive.
func TestMemoryOutlivesItsConnection(t *testing.T) {
	s, err := openStore(t.Context(), memory, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}()
	conn, err := s.write.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
		t.Fatal(err)
	}
	var n int
	if err := s.write.QueryRowContext(t.Context(), "SELECT count(*) FROM records").Scan(&n); err != nil || n != 6 {
		t.Errorf("%d records (%v), want 6", n, err)
	}
}
