package judge_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/avow-events/avow/interop/internal/tool"
)

// asked and verdict are what Judge.java is sent and answers, as its comment says.
type asked struct {
	Schema string   `json:"schema"`
	Reader string   `json:"reader"`
	Count  int      `json:"count"`
	Seed   uint64   `json:"seed"`
	Decode [][]byte `json:"decode"`
}

type verdict struct {
	Text      string  `json:"text"`
	Canonical string  `json:"canonical"`
	CRC64     string  `json:"crc64"`
	MD5       []byte  `json:"md5"`
	SHA256    []byte  `json:"sha256"`
	Values    []value `json:"values"`
	Error     string  `json:"error"`
}

type value struct {
	Bytes    []byte `json:"bytes"`
	Blocked  []byte `json:"blocked"`
	JSON     string `json:"json"`
	Resolved []byte `json:"resolved"`
	Refused  string `json:"refused"`
}

// judge is a running Judge.java.
type judge struct {
	in  *json.Encoder
	out *json.Decoder
}

func newJudge(t *testing.T) judge {
	t.Helper()
	java, classpath := tool.Java(t, 17), tool.Classpath(t, "pom.xml")
	cmd := exec.Command(java, "-cp", classpath, "java/Judge.java")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close() // which ends it
		io.Copy(io.Discard, stdout)
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	return judge{in: json.NewEncoder(stdin), out: json.NewDecoder(bufio.NewReader(stdout))}
}

func (j judge) ask(t *testing.T, a asked) verdict {
	t.Helper()
	if err := j.in.Encode(a); err != nil {
		t.Fatal(err)
	}
	var v verdict
	if err := j.out.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
