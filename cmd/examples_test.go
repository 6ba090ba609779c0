package cmd_test

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// notRunSteps returns the steps in the examples that a test cannot run, with the reason.
func notRunSteps() map[string]string {
	return map[string]string{
		"go install github.com/bayworks/stockctl@latest": "needs the network, and would not test this build",
	}
}

// job runs a CI job as the service would: one step after the other in a shell in a new
// checkout. All steps must succeed.
type job struct {
	dir     string
	address string // the sandbox's
	home    string
	env     []string
}

func newJob(t *testing.T, variables map[string]string) *job {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the examples run on Linux")
	}
	text, err := os.ReadFile("../docs/ci-test-data.md")
	if err != nil {
		t.Fatal(err)
	}
	s := newShell(t)
	s.writeFiles(t, text)
	j := &job{dir: s.dir, home: s.home, env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.home, "CI=true", "HTTPS_PROXY=http://127.0.0.1:1",
		"GITHUB_ENV=" + filepath.Join(s.dir, "github.env"),
	}}
	for name, value := range variables {
		j.env = append(j.env, name+"="+value)
	}
	const tests = "#!/bin/sh\nstockctl inventory adjust MUG-ENAMEL@LGS-01 --qty=-1 --action sold --jq .onHandQty > tested\n"
	if err := os.WriteFile(filepath.Join(s.dir, "run-tests.sh"), []byte(tests), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop := exec.Command("stockctl", "sandbox", "stop")
		stop.Env = j.env
		_ = stop.Run() // fails unless a step failed
	})
	return j
}

// step runs one step. If it fails, the test fails with its output.
func (j *job) step(t *testing.T, script string, shell ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", append(shell, "-c", script)...)
	cmd.Dir, cmd.Env = j.dir, j.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s\n%v\n%s", script, err, &out)
	}
	set, err := os.ReadFile(filepath.Join(j.dir, "github.env"))
	if err == nil {
		j.env = append(j.env, strings.Fields(string(set))...)
	}
	if j.address == "" {
		j.address = served(j.home)
	}
}

// served returns the address of the sandbox in the background; "" if there is none.
func served(home string) string {
	files, _ := filepath.Glob(filepath.Join(home, ".local/state/stockctl/servers/*.json"))
	for _, file := range files {
		var server struct{ URL string }
		if text, err := os.ReadFile(file); err == nil && json.Unmarshal(text, &server) == nil {
			return strings.TrimPrefix(server.URL, "http://")
		}
	}
	return ""
}

// check verifies that the tests ran with the seeded stock and that nothing is left.
func (j *job) check(t *testing.T) {
	t.Helper()
	tested, err := os.ReadFile(filepath.Join(j.dir, "tested"))
	if err != nil || string(tested) != "119\n" {
		t.Errorf("the tests saw %q, %v", tested, err)
	}
	report, err := os.ReadFile(filepath.Join(j.dir, "seed.jsonl"))
	if err != nil || strings.Count(string(report), "\n") < 3 {
		t.Errorf("the report is %q, %v", report, err)
	}
	if conn, err := net.DialTimeout("tcp", j.address, time.Second); j.address == "" || err == nil {
		t.Errorf("the sandbox at %q was not stopped", j.address)
		if err == nil {
			conn.Close()
		}
	}
}

func readExample(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile("../docs/examples/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// The steps of the GitHub job work.
func TestGitHubExample(t *testing.T) {
	var workflow struct {
		Jobs map[string]struct {
			Env   map[string]string
			Steps []struct{ Name, Uses, Run, If string }
		}
	}
	readExample(t, "github-actions.yml", &workflow)
	skipped := notRunSteps()
	example := workflow.Jobs["test"]
	j := newJob(t, example.Env)
	ran := 0
	for _, s := range example.Steps {
		run := strings.TrimSpace(s.Run)
		if _, skip := skipped[run]; skip {
			delete(skipped, run)
			continue
		}
		if run != "" {
			ran++
			j.step(t, run, "-e")
		}
	}
	if ran != 5 || len(skipped) > 0 {
		t.Errorf("%d steps were run, and %v are excused but missing", ran, skipped)
	}
	j.check(t)
}

// The scripts of the GitLab job work: script runs in one shell, after_script in another.
func TestGitLabExample(t *testing.T) {
	var pipeline struct {
		Test struct {
			Variables map[string]string
			Before    []string `yaml:"before_script"`
			Script    []string
			After     []string `yaml:"after_script"`
		}
	}
	readExample(t, "gitlab-ci.yml", &pipeline)
	example, skipped := pipeline.Test, notRunSteps()
	j := newJob(t, example.Variables)
	var script []string
	for _, line := range append(example.Before, example.Script...) {
		if _, skip := skipped[line]; !skip {
			script = append(script, line)
		}
	}
	if len(script) != len(example.Before)+len(example.Script)-1 || len(script) != 6 {
		t.Errorf("%d lines are run", len(script))
	}
	j.step(t, strings.Join(script, "\n"), "-eo", "pipefail")
	j.step(t, strings.Join(example.After, "\n"), "-eo", "pipefail")
	j.check(t)
}
