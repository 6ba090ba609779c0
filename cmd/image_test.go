package cmd_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/bayworks/stockctl/cmd/topic"
)

// contents returns the text of a file of the project.
func contents(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// instructionsOf returns the instructions of a Dockerfile with their arguments.
func instructionsOf(t *testing.T, name string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for line := range strings.SplitSeq(strings.ReplaceAll(contents(t, name), "\\\n", " "), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		if !slices.Contains([]string{"FROM", "ARG", "RUN", "COPY", "ENV", "VOLUME", "WORKDIR", "USER", "ENTRYPOINT"}, word) {
			t.Errorf("%s: unknown instruction %q", name, line)
		}
		out[word] = append(out[word], strings.TrimSpace(rest))
	}
	return out
}

// No daemon builds the example in a test, so its parts are compared: with each other, with
// the module, and with the release.
func TestDockerfile(t *testing.T) {
	file := instructionsOf(t, "../docs/examples/Dockerfile")
	module := contents(t, "../go.mod")
	path := regexp.MustCompile(`(?m)^module (\S+)$`).FindStringSubmatch(module)[1]
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(module)[1]
	program := path[strings.LastIndex(path, "/")+1:]
	run := strings.Join(file["RUN"], "\n")
	one := func(instruction string) string {
		if len(file[instruction]) != 1 {
			t.Fatalf("%d instructions %s", len(file[instruction]), instruction)
		}
		return file[instruction][0]
	}
	state, user := one("VOLUME"), one("USER")
	for what, ok := range map[string]bool{
		"builds with the Go version of go.mod":       file["FROM"][0] == "golang:"+version+" AS build",
		"installs the program":                       strings.Contains(run, `go install "`+path+`@$VERSION"`) && strings.HasPrefix(one("ARG"), "VERSION="),
		"copies what the build installed":            one("COPY") == "--from=build /go/bin/"+program+" /usr/local/bin/"+program,
		"starts it":                                  one("ENTRYPOINT") == `["`+program+`"]`,
		"has certificates":                           strings.Contains(run, "ca-certificates"),
		"creates the user":                           strings.Contains(run, "useradd --uid "+user+" "),
		"gives the user the state folder":            strings.Contains(run, "install -d -o "+program+" "+state),
		"works in the state folder":                  one("WORKDIR") == state && strings.Contains(one("ENV"), "STOCKCTL_STATE_DIR="+state+" "),
		"is called in its comment like in the build": strings.Contains(contents(t, "../docs/examples/Dockerfile"), "-v "+program+"-state:"+state+" "),
		"is the image of the job":                    strings.Contains(contents(t, "../docs/examples/import-job.yaml"), "image: "+program+":latest\n"),
	} {
		if !ok {
			t.Errorf("it no longer %s", what)
		}
	}
	for setting := range strings.FieldsSeq(one("ENV")) {
		name, _, _ := strings.Cut(setting, "=")
		if !strings.Contains(topic.Environment(nil).Long, "  "+name+" ") {
			t.Errorf("stockctl has no variable %s", name)
		}
	}
}

// The guides name the image that a release has.
func TestImageOfARelease(t *testing.T) {
	var release struct {
		Kos []struct {
			Repositories []string
			Tags         []string
			BaseImage    string `yaml:"base_image"`
		}
	}
	if err := yaml.Unmarshal([]byte(contents(t, "../.goreleaser.yaml")), &release); err != nil {
		t.Fatal(err)
	}
	image := release.Kos[0]
	if len(release.Kos) != 1 || !slices.Contains(image.Tags, "latest") || !strings.HasSuffix(image.BaseImage, ":nonroot") {
		t.Errorf("the release has %+v", release.Kos) // the guides say latest and /home/nonroot
	}
	for _, name := range []string{"README.md", "docs/getting-started.md", "docs/scheduled-jobs.md", "docs/examples/Dockerfile"} {
		if !strings.Contains(contents(t, "../"+name), image.Repositories[0]) {
			t.Errorf("%s does not name %s", name, image.Repositories[0])
		}
	}
}
