import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.avro.shaded.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.avro.shaded.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumWriter;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.flink.avro.shaded.org.apache.avro.io.DecoderFactory;
import org.apache.flink.avro.shaded.org.apache.avro.io.EncoderFactory;
import org.apache.flink.avro.shaded.org.apache.avro.io.JsonEncoder;
import org.apache.flink.formats.avro.registry.confluent.ConfluentRegistryAvroDeserializationSchema;
import org.apache.flink.formats.avro.registry.confluent.ConfluentRegistryAvroSerializationSchema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Produces or consumes Avro events through Apache Flink's format avro-confluent, unmodified. The job is a JSON object in the
 * first argument. Events pass stdin and stdout as lines {"key": …, "value": …}, the value in Avro's own JSON encoding. Flink
 * registers what it writes, always, and reads as a schema of its own.
 */
public class Bridge {
  static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    JsonNode job = JSON.readTree(args[0]);
    Schema schema = new Schema.Parser().parse(job.get("schema").asText());
    if (job.get("do").asText().equals("produce")) {
      produce(job, schema);
    } else {
      consume(job, schema);
    }
  }

  static void produce(JsonNode job, Schema schema) throws Exception {
    String topic = job.get("topic").asText();
    String subject = topic + (job.get("naming").asText().equals("TopicName") ? "-value" : "-" + job.get("record").asText());
    var format = ConfluentRegistryAvroSerializationSchema.forGeneric(subject, schema, job.get("registry").asText());
    Map<String, Object> config = Map.of("bootstrap.servers", job.get("kafka").asText());
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (var producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      for (String line; (line = in.readLine()) != null; ) {
        JsonNode event = JSON.readTree(line);
        var decoder = DecoderFactory.get().jsonDecoder(schema, event.get("value").toString());
        GenericRecord value = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
        producer.send(new ProducerRecord<>(topic, event.get("key").asText(), format.serialize(value))).get();
      }
    }
  }

  static void consume(JsonNode job, Schema schema) throws Exception {
    String topic = job.get("topic").asText();
    var format = ConfluentRegistryAvroDeserializationSchema.forGeneric(schema, job.get("registry").asText());
    Map<String, Object> config = Map.of(
        "bootstrap.servers", job.get("kafka").asText(), "group.id", "flink-" + topic, "auto.offset.reset", "earliest");
    int left = job.get("count").asInt();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    StringBuilder out = new StringBuilder();
    try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      while (left > 0) {
        if (System.nanoTime() > deadline) throw new IllegalStateException(left + " events did not come within 30 s");
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          String value = text(schema, format.deserialize(record.value()));
          out.append("{\"key\":").append(JSON.writeValueAsString(record.key())).append(",\"value\":").append(value).append("}\n");
          left--;
        }
      }
    }
    System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
    System.out.flush();
  }

  static String text(Schema schema, GenericRecord value) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonEncoder encoder = EncoderFactory.get().jsonEncoder(schema, out);
    new GenericDatumWriter<GenericRecord>(schema).write(value, encoder);
    encoder.flush();
    return out.toString(StandardCharsets.UTF_8);
  }
}
