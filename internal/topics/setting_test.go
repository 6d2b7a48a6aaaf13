package topics_test

import (
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/topics"
)

// Brokers tell a setting in a form of their own: that of Apache Kafka 4.3 for what is written on the left. The plan after an
// apply is empty all the same, and not where the values differ.
func TestSettingsInTheBrokersForm(t *testing.T) {
	k, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	told := map[string]string{}
	k.ControlKey(int16(kmsg.DescribeConfigs), func(req kmsg.Request) (kmsg.Response, error, bool) {
		k.KeepControl()
		resp := req.ResponseKind().(*kmsg.DescribeConfigsResponse)
		for _, r := range req.(*kmsg.DescribeConfigsRequest).Resources {
			answer := kmsg.NewDescribeConfigsResponseResource()
			answer.ResourceType, answer.ResourceName = r.ResourceType, r.ResourceName
			for name, value := range told {
				c := kmsg.NewDescribeConfigsResponseResourceConfig()
				c.Name, c.Value = name, kmsg.StringPtr(value)
				answer.Configs = append(answer.Configs, c)
			}
			resp.Resources = append(resp.Resources, answer)
		}
		return resp, nil, true
	})
	c, err := topics.Connect(t.Context(), kafka.Connection{Brokers: k.ListenAddrs()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	apply(t, c, plan(t, c, nil, topics.Topic{Name: "t"}))

	for _, tc := range []struct {
		name, written, told string
		same                bool
	}{
		{"min.cleanable.dirty.ratio", "0.50", "0.5", true},
		{"min.cleanable.dirty.ratio", "5e-1", "0.5", true},
		{"max.message.bytes", "+2097152", "2097152", true},
		{"max.message.bytes", "02097152", "2097152", true},
		{"delete.retention.ms", " 1000 ", "1000", true},
		{"retention.bytes", "-1", "-1", true},
		{"preallocate", "TRUE", "true", true},
		{"cleanup.policy", "delete, compact", "compact,delete", true},
		{"leader.replication.throttled.replicas", "*", "*", true},
		{"retention.ms", "9223372036854775807", "9223372036854775806", false},
		{"min.cleanable.dirty.ratio", "0.5", "0.51", false},
		{"cleanup.policy", "compact", "compact,delete", false},
		{"compression.type", "ZSTD", "zstd", false},
		{"preallocate", "true", "false", false},
		{"retention.ms", "1000", "", false},
	} {
		clear(told)
		told[tc.name] = tc.told
		p := plan(t, c, nil, topics.Topic{Name: "t", Configs: map[string]string{tc.name: tc.written}})
		if got := len(p.Changes()) == 0; got != tc.same {
			t.Errorf("%s: %q where the broker tells %q: %s", tc.name, tc.written, tc.told, strings.Join(lines(p.Changes()), "; "))
		}
	}
}
