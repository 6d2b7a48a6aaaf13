package apicurio_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/internal/shop"
	"github.com/avow-events/avow/interop/internal/tool"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

const application = "io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all"

func TestMain(m *testing.M) { dev.Main(m) }

// start runs the registry until the test ends, and returns the URL of what it serves in Confluent's way.
func start(t *testing.T) string {
	t.Helper()
	java, dir := tool.Java(t, 21), tool.Archive(t, application)
	addr := dev.FreeAddr(t)
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	_, management, err := net.SplitHostPort(dev.FreeAddr(t))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(java, "-Xmx512m", "-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port="+port,
		"-Dquarkus.management.host=127.0.0.1", "-Dquarkus.management.port="+management,
		"-Dapicurio.rules.global.compatibility=BACKWARD", // the default is NONE
		"-jar", filepath.Join(dir, "quarkus-run.jar"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	url := "http://" + addr + "/apis/ccompat/v7"
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if answer, err := http.Get(url + "/subjects"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return url
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("Apicurio is not up after a minute")
		}
	}
}

func TestApicurio(t *testing.T) {
	url := start(t)
	reg, err := registry.New(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("client", func(t *testing.T) { testClient(t, reg) })
	t.Run("plan and apply", func(t *testing.T) {
		dev.Avow(t, "apply", "--registry", url, "--quiet")
		if out := dev.Avow(t, "plan", "--registry", url, "--exit-code"); !strings.Contains(out, "No changes.") {
			t.Errorf("after apply the plan is\n%s", out)
		}
	})
	t.Run("events", func(t *testing.T) { testEvents(t, reg) })
}

const (
	userV1 = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"string"}]}`
	userV2 = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"string"},{"name":"age","type":"int","default":0}]}`
	userV3 = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"int"}]}`
	order  = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"by","type":"User"}]}`
)

func testClient(t *testing.T, reg *registry.Client) {
	ctx := t.Context()
	for i, text := range []string{userV1, userV2, userV1} {
		s, err := reg.Register(ctx, "users-value", text)
		if want := []int{1, 2, 1}[i]; err != nil || s.Version != want {
			t.Fatalf("registered %+v, %v, want version %d", s, err, want)
		}
	}
	if _, err := reg.Register(ctx, "users-value", userV3); !errors.Is(err, registry.ErrIncompatible) {
		t.Errorf("an incompatible schema: %v", err)
	}
	if verdict, err := reg.Check(ctx, "users-value", userV3); err != nil || verdict.Compatible {
		t.Errorf("the verdict is %+v, %v", verdict, err)
	}
	ref := registry.Reference{Name: "shop.User", Subject: "users-value", Version: 2}
	s, err := reg.Register(ctx, "orders-value", order, ref)
	if err != nil {
		t.Fatal(err)
	}
	byID, err := reg.ByID(ctx, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if model, err := reg.Parse(ctx, byID); err != nil || model.Root.FullName() != "shop.Order" {
		t.Errorf("by id: %v", err)
	}
	if found, err := reg.Lookup(ctx, "orders-value", order, ref); err != nil || found.ID != s.ID {
		t.Errorf("looked up %+v, %v", found, err)
	}
	if _, err := reg.Latest(ctx, "nobody"); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("a subject that is not there: %v", err)
	}
	if err := reg.SetLevel(ctx, "users-value", compat.FullTransitive); err != nil {
		t.Error(err)
	}
	if level, err := reg.Level(ctx, "users-value"); err != nil || level != compat.FullTransitive {
		t.Errorf("the level is %v, %v", level, err)
	}
	for _, subject := range []string{"orders-value", "users-value"} {
		if err := reg.Delete(ctx, subject, true); err != nil {
			t.Error(err)
		}
	}
	if subjects, err := reg.Subjects(ctx); err != nil || len(subjects) > 0 {
		t.Errorf("left are %v, %v", subjects, err)
	}
}

// testEvents sends an event whose schema has references, and names what GUIDs are wanted for.
func testEvents(t *testing.T, reg *registry.Client) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	broker := stream.Brokers(dev.Start(t).Kafka)
	opts := []stream.ProducerOption{broker, stream.Registry(reg), stream.Subject(registry.TopicRecordName), stream.CreateTopics()}
	p, err := stream.NewProducer[orders.OrderCreated](ctx, "orders", opts...)
	if err != nil {
		t.Fatal(err)
	}
	want := shop.Orders()["full"]
	if err := p.ProduceSync(ctx, []byte("full"), want); err != nil {
		t.Fatal(err)
	}
	p.Close(ctx)
	c, err := stream.NewConsumer("readers", broker, stream.Registry(reg))
	if err != nil {
		t.Fatal(err)
	}
	var got *orders.OrderCreated
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[orders.OrderCreated]) error {
		got = m.Value
		cancel()
		return nil
	})
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("produced (-), consumed (+):\n%s", diff)
	}
	if _, err := stream.NewProducer[orders.OrderCreated](t.Context(), "orders", append(opts, stream.HeaderFraming())...); err == nil {
		t.Error("header framing without GUIDs is not refused")
	} else {
		t.Log("header framing: ", err)
	}
}
