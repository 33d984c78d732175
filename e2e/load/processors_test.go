package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const twoProcessors = `cpu  10 1 5 100 7 2 3 4 9 0
cpu0 5 1 2 50 3 1 1 2 9 0
cpu1 5 0 3 50 4 1 2 2 0 0
intr 5 0
`

func TestProcessorsCountWaitingAsIdleAndStealAsBusy(t *testing.T) {
	got, err := parseProcessors(twoProcessors)
	if want := (processors{Count: 2, Busy: 10 + 1 + 5 + 2 + 3 + 4, Idle: 107}); err != nil || got != want {
		t.Errorf("%+v (%v), want %+v", got, err, want)
	}
}

func TestProcessorsThatAreNotTold(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"empty": "", "zeros": "cpu 0 0 0 0\ncpu0 0 0 0 0\n", "words": "cpu many\ncpu0 many\n"} {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		answer := httptest.NewRecorder()
		tellProcessors(answer, file)
		if said := answer.Body.String(); answer.Code != http.StatusNotImplemented || strings.Count(said, "\n") != 1 || !strings.Contains(said, file) {
			t.Errorf("%s: %d %q, want 501 and one line that names the file", name, answer.Code, said)
		}
	}
}

func TestProcessorsOfThisMachine(t *testing.T) {
	if _, err := readProcessors(procStat); err != nil {
		t.Skip("this machine does not tell: ", err)
	}
	var got processors
	answer := call(newControl(), "GET", "/processors", "")
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || got.Count < 1 || got.Busy == 0 {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}
