package ledger

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/bayworks/stockctl/internal/durable"
	"github.com/bayworks/stockctl/internal/failure"
	"github.com/bayworks/stockctl/internal/ledger/journal"
	"github.com/bayworks/stockctl/internal/settle"
	"github.com/bayworks/stockctl/internal/stock"
)

// A saved plan is a separate file: a line with savedMagic and the version of the
// format, one line of JSON with the head of the run that will send it, the plan, the
// copy of the input, and a line with the SHA-256 of everything before it.
const (
	savedMagic   = "stockctl saved plan "
	savedVersion = 1
	// savedEnd is the length of the last line.
	savedEnd = 2*sha256.Size + 1
	// maxSavedHead bounds the head line, which contains the header of the input.
	maxSavedHead = 8 << 20
)

// IsSaved reports whether a file with this beginning is a saved plan.
func IsSaved(beginning []byte) bool { return strings.HasPrefix(string(beginning), savedMagic) }

// savedHead is the head line of a saved plan.
type savedHead struct {
	journal.Head
	Copy int64 `json:"copy"` // the length of the copy of the input
}

// SavePlan writes an unsealed plan to a file that must not exist yet. The run that
// applies it will have the given id.
func SavePlan(ctx context.Context, env Env, id string, d Draft, path string) error {
	d.Options.Reviewed = true
	mark, err := watermark(ctx, env, d.Plan.Mode)
	if err != nil {
		return err
	}
	head := savedHead{Head: d.head(env, id)}
	if err := fill(&head.Head, mark, d.Options, d.Plan.Sealed); err != nil {
		return err
	}
	copied := d.Needs[0]
	if head.Copy, err = copied.Seek(0, io.SeekEnd); err != nil {
		return err
	}
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	return durable.New(path, func(file io.Writer) error {
		sum := sha256.New()
		out := bufio.NewWriterSize(io.MultiWriter(file, sum), blockSize)
		_, err := fmt.Fprintf(out, "%s%d\n%s\n", savedMagic, savedVersion, text)
		if err != nil {
			return err
		}
		plan, err := os.Open(d.Plan.Path)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, plan)
		if err = errors.Join(err, plan.Close()); err != nil {
			return err
		}
		if _, err := io.Copy(out, io.NewSectionReader(copied, 0, head.Copy)); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
		_, err = fmt.Fprintf(file, "%x\n", sum.Sum(nil))
		return err
	})
}

// Saved is a saved plan that has passed its checks. The caller closes it.
type Saved struct {
	Head    journal.Head
	Plan    Sealed
	Options Options
	Mark    settle.Watermark // the end of the movement log when the plan was saved
	Name    string           // of the file

	file *os.File
	copy int64 // the length of the copy of the input
}

// OpenSaved opens a saved plan and checks all of it.
func OpenSaved(path string) (*Saved, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // opening a pipe could wait forever
		return nil, failure.Usagef("%s is not a regular file: a plan is checked before it is applied, so it cannot come from a pipe", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, failure.Usagef("%w", err)
	}
	s := &Saved{Name: path, file: file}
	if err := s.read(io.Discard, io.Discard); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the file.
func (s *Saved) Close() error { return s.file.Close() }

// Unpack writes the plan and the copy of the input into the folder of the run and
// returns both.
func (s *Saved) Unpack(dir string) (_ Plan, copied *os.File, err error) {
	plan := Plan{Path: filepath.Join(dir, PlanName+"-1"), Sealed: s.Plan}
	out, err := os.OpenFile(plan.Path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return plan, nil, err
	}
	copied, err = os.OpenFile(filepath.Join(dir, CopyName), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		err = s.read(out, copied)
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = plan.Check()
	}
	if err != nil && copied != nil {
		err = errors.Join(err, copied.Close())
	}
	return plan, copied, err
}

// read reads the file once and compares it with its checksum.
func (s *Saved) read(plan, input io.Writer) error {
	size, err := s.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	sum := sha256.New()
	in := bufio.NewReaderSize(io.NewSectionReader(s.file, 0, size), blockSize)
	head, begins, err := s.head(in)
	if err != nil {
		return err
	}
	sum.Write(begins)
	if size != int64(len(begins))+s.Plan.Size+s.copy+savedEnd || !journal.ValidID(head.ID) {
		return s.damaged()
	}
	for _, part := range []struct {
		into io.Writer
		size int64
	}{{plan, s.Plan.Size}, {input, s.copy}} {
		if _, err := io.CopyN(io.MultiWriter(part.into, sum), in, part.size); err != nil {
			return fmt.Errorf("reading %s: %w", s.Name, err)
		}
	}
	last, err := io.ReadAll(in)
	if err != nil || string(last) != hex.EncodeToString(sum.Sum(nil))+"\n" {
		return errors.Join(s.damaged(), err)
	}
	s.Head = head
	return nil
}

// head reads the first two lines.
func (s *Saved) head(in *bufio.Reader) (head journal.Head, begins []byte, err error) {
	first, err := in.ReadSlice('\n')
	version, is := strings.CutPrefix(strings.TrimSuffix(string(first), "\n"), savedMagic)
	if !is {
		return head, nil, failure.Usagef("%s is not a saved plan", s.Name).Hint("`stockctl inventory import FILE --save-plan %s` makes one", failure.Arg("NAME.plan"))
	}
	n, wrong := strconv.Atoi(version)
	if err != nil || wrong != nil {
		return head, nil, s.damaged()
	}
	if n != savedVersion {
		return head, nil, failure.Usagef("%s has version %d of the format, and this stockctl reads version %d", s.Name, n, savedVersion).
			Hint("apply it with the version of stockctl that saved it, or save it again")
	}
	begins = append(begins, first...)
	for {
		part, err := in.ReadSlice('\n')
		begins = append(begins, part...)
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) || len(begins) > maxSavedHead {
			return head, nil, s.damaged()
		}
	}
	saved := savedHead{}
	if json.Unmarshal(begins[len(first):], &saved) != nil || saved.Copy < 0 ||
		json.Unmarshal(saved.Plan, &s.Plan) != nil || s.Plan.Size < 0 || json.Unmarshal(saved.Options, &s.Options) != nil || json.Unmarshal(saved.Mark, &s.Mark) != nil {
		return head, nil, s.damaged()
	}
	s.copy = saved.Copy
	return saved.Head, begins, nil
}

func (s *Saved) damaged() error {
	return failure.Usagef("%s is incomplete, or was changed after it was saved: nothing was sent", s.Name).Hint("copy it again, or save the plan again")
}

// At returns why a saved plan is not for this address of the API, or nil if it is.
func (s *Saved) At(baseURL string) error {
	if s.Head.BaseURL == baseURL {
		return nil
	}
	return failure.Usagef("%s is for %s, not %s", s.Name, s.Head.BaseURL, baseURL).Hint("it was saved with `--profile %s`", failure.Arg(s.Head.Profile))
}

// For returns why a saved plan is not for this store, or nil if it is. If the API does
// not say which store it is, the profile must have the same name.
func (s *Saved) For(env Env, tenant string) error {
	unknown := s.Head.Tenant == "" && tenant == ""
	if s.Head.Tenant != tenant || unknown && s.Head.Profile != env.Profile {
		return failure.Usagef("%s is for another store", s.Name).Hint("it was saved with `--profile %s`", failure.Arg(s.Head.Profile))
	}
	return s.At(env.BaseURL)
}

// watermark reads the current end of the movement log. Creates need none.
func watermark(ctx context.Context, env Env, mode stock.Mode) (mark settle.Watermark, err error) {
	if mode == stock.Create {
		return mark, nil
	}
	if mark, err = settle.NewLog(env.Reader).Watermark(ctx); err != nil {
		return mark, fmt.Errorf("reading the movement log, which is needed to settle lost responses: %w", err)
	}
	return mark, nil
}
