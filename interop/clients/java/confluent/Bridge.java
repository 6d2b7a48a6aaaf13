import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Produces or consumes Avro events through Confluent's KafkaAvroSerializer and KafkaAvroDeserializer, unmodified, or calls a
 * registry with CachedSchemaRegistryClient. The job is a JSON object in the first argument. Events pass stdin and stdout as
 * lines {"key": …, "value": …}, the value in Avro's own JSON encoding.
 */
public class Bridge {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String USERS = "users-value";

  public static void main(String[] args) throws Exception {
    JsonNode job = JSON.readTree(args[0]);
    switch (job.get("do").asText()) {
      case "produce" -> produce(job);
      case "consume" -> consume(job);
      default -> System.out.println(JSON.writeValueAsString(Map.of("value", call(job))));
    }
  }

  static Map<String, Object> config(JsonNode job) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("bootstrap.servers", job.get("kafka").asText());
    config.put("schema.registry.url", job.get("registry").asText());
    config.put("auto.register.schemas", job.get("register").asBoolean());
    config.put("use.latest.version", !job.get("register").asBoolean());
    String strategies = "io.confluent.kafka.serializers.subject.";
    config.put("value.subject.name.strategy", strategies + job.get("naming").asText() + "Strategy");
    if (job.get("framing").asText().equals("header")) {
      for (String part : List.of("key", "value")) {
        config.put(part + ".schema.id.serializer", "io.confluent.kafka.serializers.schema.id.HeaderSchemaIdSerializer");
      }
    }
    return config;
  }

  static void produce(JsonNode job) throws Exception {
    Schema schema = new Schema.Parser().parse(job.get("schema").asText());
    String keys = job.get("keySchema").asText();
    Schema keySchema = keys.isEmpty() ? null : new Schema.Parser().parse(keys);
    Map<String, Object> config = config(job);
    config.put("key.serializer", keySchema == null ? StringSerializer.class : KafkaAvroSerializer.class);
    config.put("value.serializer", KafkaAvroSerializer.class);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (KafkaProducer<Object, Object> producer = new KafkaProducer<>(config)) {
      for (String line; (line = in.readLine()) != null; ) {
        JsonNode event = JSON.readTree(line);
        Object key = keySchema == null ? event.get("key").asText() : record(keySchema, event.get("keyValue"));
        producer.send(new ProducerRecord<>(job.get("topic").asText(), key, record(schema, event.get("value")))).get();
      }
    }
  }

  static GenericRecord record(Schema schema, JsonNode value) throws Exception {
    var decoder = DecoderFactory.get().jsonDecoder(schema, value.toString());
    return new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
  }

  static void consume(JsonNode job) throws Exception {
    Map<String, Object> config = config(job);
    config.put("group.id", "java-" + job.get("topic").asText());
    config.put("auto.offset.reset", "earliest");
    boolean keys = !job.get("keySchema").asText().isEmpty();
    config.put("key.deserializer", keys ? KafkaAvroDeserializer.class : StringDeserializer.class);
    config.put("value.deserializer", KafkaAvroDeserializer.class);
    int left = job.get("count").asInt();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    StringBuilder out = new StringBuilder();
    try (KafkaConsumer<Object, Object> consumer = new KafkaConsumer<>(config)) {
      consumer.subscribe(List.of(job.get("topic").asText()));
      while (left > 0) {
        if (System.nanoTime() > deadline) throw new IllegalStateException(left + " events did not come within 30 s");
        for (ConsumerRecord<Object, Object> record : consumer.poll(Duration.ofSeconds(1))) {
          String key = keys ? text((GenericRecord) record.key()) : JSON.writeValueAsString(record.key());
          out.append(keys ? "{\"keyValue\":" : "{\"key\":").append(key);
          out.append(",\"value\":").append(text((GenericRecord) record.value())).append("}\n");
          left--;
        }
      }
    }
    System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
    System.out.flush();
  }

  static String text(GenericRecord value) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonEncoder encoder = EncoderFactory.get().jsonEncoder(value.getSchema(), out);
    new GenericDatumWriter<GenericRecord>(value.getSchema()).write(value, encoder);
    encoder.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Takes the steps that calls_test.go describes. */
  static Map<String, Object> call(JsonNode job) throws Exception {
    JsonNode texts = job.get("schemas");
    String url = job.get("registry").asText();
    var registry = new CachedSchemaRegistryClient(url, 100);
    AvroSchema userV1 = new AvroSchema(texts.get("userV1").asText());
    AvroSchema userV2 = new AvroSchema(texts.get("userV2").asText());
    AvroSchema userBad = new AvroSchema(texts.get("userBad").asText());
    Map<String, Object> out = new LinkedHashMap<>();
    List<Integer> registered = new ArrayList<>(List.of(registry.register(USERS, userV1)));
    out.put("compatible", List.of(registry.testCompatibility(USERS, userV2), registry.testCompatibility(USERS, userBad)));
    registry = new CachedSchemaRegistryClient(url, 100); // which remembers nothing
    registered.add(registry.register(USERS, new AvroSchema(texts.get("userWritten").asText())));
    registered.add(registry.register(USERS, userV2));
    out.put("registered", registered);
    var client = registry;
    out.put("refused", status(() -> client.register(USERS, userBad)));
    var latest = registry.getLatestSchemaMetadata(USERS);
    out.put("latest", List.of(latest.getVersion(), latest.getId()));
    out.put("versions", registry.getAllVersions(USERS));
    out.put("lookedUp", registry.getId(USERS, userV1));
    registry = new CachedSchemaRegistryClient(url, 100);
    out.put("byID", registry.getSchemaById(latest.getId()).canonicalString());
    var toUser = new SchemaReference("shop.User", USERS, 2);
    var toGroup = new SchemaReference("shop.Group", "groups", 1);
    String group = texts.get("group").asText();
    Map<String, String> resolved = new LinkedHashMap<>(Map.of("shop.User", userV2.canonicalString()));
    int groupID = registry.register("groups", new AvroSchema(group, List.of(toUser), resolved, null));
    resolved.put("shop.Group", group);
    int clubID = registry.register("clubs", new AvroSchema(texts.get("club").asText(), List.of(toGroup, toUser), resolved, null));
    out.put("referring", List.of(groupID, clubID));
    registry = new CachedSchemaRegistryClient(url, 100);
    List<String> references = new ArrayList<>();
    for (SchemaReference r : registry.getSchemaById(clubID).references()) {
      references.add(r.getName() + "@" + r.getSubject() + ":" + r.getVersion());
    }
    out.put("references", references);
    registry.updateCompatibility(USERS, "FULL");
    out.put("level", registry.getCompatibility(USERS));
    out.put("subjects", registry.getAllSubjects().stream().sorted().toList());
    out.put("deleted", List.of(registry.deleteSchemaVersion(USERS, "1", false), registry.deleteSchemaVersion(USERS, "1", true)));
    var last = registry;
    out.put("undeleted", status(() -> last.deleteSubject(USERS, false)));
    for (String subject : List.of("clubs", "groups", USERS)) {
      registry.deleteSubject(subject, false);
      registry.deleteSubject(subject, true);
    }
    out.put("left", registry.getAllSubjects());
    return out;
  }

  static int status(Callable<?> step) throws Exception {
    try {
      step.call();
      return 200;
    } catch (RestClientException e) {
      return e.getStatus();
    }
  }
}
