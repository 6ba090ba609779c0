package seeing

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// browsers are the names that Chromium goes by.
func browsers() []string { return []string{"chromium", "chromium-browser", "google-chrome"} }

// driver opens the page in a frame of either width, uses it as a reader would,
// and writes down what it saw.
const driver = `<!DOCTYPE html><meta charset="utf-8"><pre id="seen">nothing</pre><script>
const widths = [360, 1400], seen = [];
function look(frame, width) {
  const d = frame.contentDocument, w = frame.contentWindow;
  const table = d.getElementById("top"), heads = table.tHead.rows[0].cells;
  const column = (n) => [...table.tBodies[0].rows].map((r) => r.cells[n].dataset.v ?? r.cells[n].textContent);
  const out = {width, inner: w.innerWidth, page: d.documentElement.scrollWidth, title: d.title, text: d.getElementById("main").textContent,
    scripts: d.querySelectorAll("script").length, images: d.querySelectorAll("img, iframe, object").length, pwned: String(w.pwned),
    unnamed: [...d.querySelectorAll("svg[role=img]")].filter((s) => !s.querySelector("title").textContent || !s.querySelector("desc").textContent).length,
    broken: [...d.querySelectorAll("td:nth-child(2) bdi, td:nth-child(3) bdi")].filter((b) => b.textContent.length <= 20 && b.getClientRects().length > 1).length,
    unlabelled: [...d.querySelectorAll("input")].filter((i) => !i.labels.length).length};
  heads[3].querySelector("button").click(); out.down = column(3);
  heads[3].querySelector("button").click(); out.up = column(3); out.sorted = heads[3].getAttribute("aria-sort");
  heads[0].querySelector("button").focus(); out.focus = d.activeElement === heads[0].querySelector("button");
  const filter = d.getElementById("top-filter"); filter.value = "prod_0001"; filter.dispatchEvent(new w.Event("input"));
  out.filtered = [...table.tBodies[0].rows].filter((r) => !r.hidden).map((r) => r.cells[0].textContent);
  seen.push(out);
}
async function run() {
  for (const width of widths) {
    const frame = document.createElement("iframe");
    frame.style.cssText = "border:0;height:800px;width:" + width + "px";
    frame.src = "/report.html?" + width;
    await new Promise((done) => { frame.onload = done; document.body.append(frame); });
    look(frame, width);
  }
  document.getElementById("seen").textContent = JSON.stringify(seen);
}
run().catch((e) => { document.getElementById("seen").textContent = "failed: " + e.stack; });
</script>`

// sight is what the driver saw at one width.
type sight struct {
	Width, Inner, Page, Scripts, Images, Unnamed, Unlabelled, Broken int
	Title, Text, Pwned, Sorted                                       string
	Down, Up, Filtered                                               []string
	Focus                                                            bool
}

// In a real browser, the page renders without a complaint on a phone and on a
// desk, sorts, filters, runs nothing that a product's name holds, and asks for
// nothing.
func TestReportInABrowser(t *testing.T) {
	browser := ""
	for _, name := range browsers() {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		t.Skip("no Chromium")
	}
	inUTC(t)
	s := makeStore(t, 8, 60, 900)
	evil := []string{
		`<script>window.pwned=1</script>`, `"><img src=http://127.0.0.1:1/x onerror=window.pwned=2>`,
		`</bdi></table><style>*{display:none}</style>`, "\u202egnp.\x1b[31m", strings.Repeat("long", 60),
	}
	for i, name := range evil {
		product := fmt.Sprintf("prod_%05d", i)
		s.names[product], s.codes[[2]string{product}] = name, name+strings.Repeat("W", 60)
	}
	for i := 5; i < 20; i++ {
		product := fmt.Sprintf("prod_%05d", i)
		s.names[product], s.codes[[2]string{product}] = product, fmt.Sprintf("CODE-OF-%d", i)
	}
	s.open(t)
	page, _ := s.pageOf(t, "30d")
	seen, requests, complaints := browse(t, browser, page)
	if len(complaints) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(complaints, "\n"))
	}
	slices.Sort(requests)
	if want := []string{"/driver.html", "/report.html?1400", "/report.html?360"}; !slices.Equal(requests, want) {
		t.Errorf("the browser asked for %v, want %v", requests, want)
	}
	for _, at := range seen {
		checkSight(t, at)
	}
}

func checkSight(t *testing.T, at sight) {
	t.Helper()
	if at.Inner != at.Width || at.Page > at.Width {
		t.Errorf("at %d pixels the page is %d wide", at.Width, at.Page)
	}
	if at.Scripts != 1 || at.Images != 0 || at.Pwned != "undefined" {
		t.Errorf("a name became part of the page: %d scripts, %d images, %s", at.Scripts, at.Images, at.Pwned)
	}
	for _, name := range []string{`<script>window.pwned=1</script>`, `</bdi></table><style>`, `\u202egnp.\x1b[31m`} {
		if !strings.Contains(at.Text, name) {
			t.Errorf("the page does not show %s", name)
		}
	}
	if at.Broken != 0 {
		t.Errorf("%d short codes are broken into lines", at.Broken)
	}
	if at.Unnamed != 0 || at.Unlabelled != 0 || !at.Focus {
		t.Errorf("%d charts have no words, %d fields no label; focus: %v", at.Unnamed, at.Unlabelled, at.Focus)
	}
	if len(at.Down) < 10 || at.Sorted != "ascending" || !slices.IsSortedFunc(at.Up, byNumber) || !slices.IsSortedFunc(at.Down, func(a, b string) int { return byNumber(b, a) }) {
		t.Errorf("sorted %s: %v, %v", at.Sorted, at.Down, at.Up)
	}
	if len(at.Filtered) == 0 || slices.ContainsFunc(at.Filtered, func(name string) bool { return !strings.HasPrefix(name, "prod_0001") }) {
		t.Errorf("the filter shows %v, want only prod_0001", at.Filtered)
	}
}

func byNumber(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// browse opens the page with the driver, and returns what it saw, what was asked
// for, and what the browser wrote to its console.
func browse(t *testing.T, browser, page string) (seen []sight, requests, complaints []string) {
	t.Helper()
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		requests = append(requests, r.URL.String())
		mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/driver.html":
			w.Write([]byte(strings.Replace(driver, "<meta", `<link rel="icon" href="data:,"><meta`, 1)))
		case "/report.html":
			w.Write([]byte(page))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--user-data-dir="+t.TempDir(),
		"--enable-logging=stderr", "--virtual-time-budget=10000", "--window-size=1500,900", "--dump-dom", server.URL+"/driver.html")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	dom, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	for line := range strings.Lines(stderr.String()) {
		if strings.Contains(line, "CONSOLE") {
			complaints = append(complaints, line)
		}
	}
	found := regexp.MustCompile(`(?s)<pre id="seen">(.*?)</pre>`).FindSubmatch(dom)
	if found == nil || json.Unmarshal([]byte(html.UnescapeString(string(found[1]))), &seen) != nil || len(seen) != 2 {
		t.Fatalf("the driver saw %s\n%s", dom[:min(len(dom), 3000)], &stderr)
	}
	mu.Lock()
	defer mu.Unlock()
	return seen, slices.Clone(requests), complaints
}
