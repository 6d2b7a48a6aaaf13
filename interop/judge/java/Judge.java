import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;

/**
 * Says what Apache Avro makes of a schema: one JSON object a line on stdin, one on stdout.
 *
 * <p>Asked with {"schema", "reader", "count", "seed"}, it makes up that many values of the schema and answers {"text",
 * "canonical", "crc64", "md5", "sha256", "values": [{"bytes", "blocked", "json", "resolved" or "refused"}]}, "blocked" being
 * the same value in blocks that say their size; asked with {"schema", "decode": [bytes]}, it answers with the values that
 * it read. Bytes are Base64, and what goes wrong is {"error"}.
 */
public final class Judge {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int DEEPEST = 5;

  public static void main(String[] args) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line; (line = in.readLine()) != null; ) {
      ObjectNode answer = MAPPER.createObjectNode();
      try {
        answer(MAPPER.readTree(line), answer);
      } catch (Exception | StackOverflowError e) {
        answer.put("error", e.toString());
      }
      out.println(MAPPER.writeValueAsString(answer));
    }
  }

  private static void answer(JsonNode asked, ObjectNode answer) throws Exception {
    Schema schema = new Schema.Parser().parse(asked.get("schema").asText());
    answer.put("text", schema.toString());
    answer.put("canonical", SchemaNormalization.toParsingForm(schema));
    answer.put("crc64", String.format("%016x", SchemaNormalization.parsingFingerprint64(schema)));
    answer.put("md5", SchemaNormalization.parsingFingerprint("MD5", schema));
    answer.put("sha256", SchemaNormalization.parsingFingerprint("SHA-256", schema));
    ArrayNode values = answer.putArray("values");
    if (asked.hasNonNull("decode")) {
      for (JsonNode bytes : asked.get("decode")) {
        Object value = read(schema, schema, bytes.binaryValue());
        values.addObject().put("bytes", binary(schema, value)).put("json", json(schema, value));
      }
      return;
    }
    Schema reader = new Schema.Parser().parse(asked.get("reader").asText());
    Random random = new Random(asked.get("seed").asLong());
    for (int i = 0; i < asked.get("count").asInt(); i++) {
      Object value = any(schema, random, 0);
      byte[] bytes = binary(schema, value);
      ObjectNode v = values.addObject().put("bytes", bytes).put("blocked", blocked(schema, value));
      v.put("json", json(schema, value));
      try {
        v.put("resolved", binary(reader, read(schema, reader, bytes)));
      } catch (Exception e) {
        v.put("refused", e.toString());
      }
    }
  }

  private static byte[] binary(Schema schema, Object value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<Object>(schema).write(value, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** Blocks are as small as they can be told to be, so that a few items fill several. */
  private static byte[] blocked(Schema schema, Object value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null);
    new GenericDatumWriter<Object>(schema).write(value, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static String json(Schema schema, Object value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonEncoder encoder = EncoderFactory.get().jsonEncoder(schema, out, false);
    new GenericDatumWriter<Object>(schema).write(value, encoder);
    encoder.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Object read(Schema writer, Schema reader, byte[] bytes) throws IOException {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
    Object value = new GenericDatumReader<Object>(writer, reader).read(null, decoder);
    if (!decoder.isEnd()) {
      throw new IOException("bytes are left");
    }
    return value;
  }

  /** Makes up a value. Maps have one entry at most, as their order is nobody's business. */
  private static Object any(Schema s, Random random, int depth) {
    LogicalType logical = s.getLogicalType();
    String name = logical == null ? "" : logical.getName();
    switch (s.getType()) {
      case NULL:
        return null;
      case BOOLEAN:
        return random.nextBoolean();
      case INT:
        return name.equals("time-millis") ? random.nextInt(86_400_000)
            : name.equals("date") ? random.nextInt(6_000_000) - 3_000_000
            : pick(random, random.nextInt(), random.nextInt(100) - 50, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG:
        return name.equals("time-micros") ? random.nextInt(86_400_000) * 1000L
            : !name.isEmpty() ? random.nextLong() / 10_000
            : pick(random, random.nextLong(), random.nextInt(100) - 50L, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT:
        return pick(random, random.nextFloat(), -0.0f, (float) random.nextInt(1000), Float.MAX_VALUE, Float.MIN_VALUE,
            Float.NaN, Float.POSITIVE_INFINITY, 1e10f, 1.5e-7f);
      case DOUBLE:
        return pick(random, random.nextDouble(), random.nextGaussian() * 1e20, -0.0, (double) random.nextInt(1000),
            Double.MAX_VALUE, Double.MIN_VALUE, Double.NaN, Double.NEGATIVE_INFINITY, 1e7, 9999999.0, 1e-3, 1e-4);
      case STRING:
        return name.equals("uuid") ? new UUID(random.nextLong(), random.nextLong()).toString() : text(random);
      case BYTES:
        if (name.equals("decimal")) {
          return ByteBuffer.wrap(BigInteger.valueOf(random.nextInt()).toByteArray());
        }
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
      case FIXED:
        byte[] fixed = new byte[s.getFixedSize()];
        random.nextBytes(fixed);
        if (name.equals("decimal")) {
          fixed[0] = 0; // so that it keeps to its precision
        }
        return new GenericData.Fixed(s, fixed);
      case ENUM:
        return new GenericData.EnumSymbol(s, s.getEnumSymbols().get(random.nextInt(s.getEnumSymbols().size())));
      case ARRAY:
        List<Object> items = new ArrayList<>();
        for (int n = depth > DEEPEST ? 0 : random.nextInt(4); n > 0; n--) {
          items.add(any(s.getElementType(), random, depth + 1));
        }
        return items;
      case MAP:
        Map<String, Object> entries = new LinkedHashMap<>();
        if (depth <= DEEPEST && random.nextBoolean()) {
          entries.put(text(random), any(s.getValueType(), random, depth + 1));
        }
        return entries;
      case UNION:
        List<Schema> branches = s.getTypes();
        if (depth > DEEPEST) {
          for (Schema branch : branches) {
            if (branch.getType() == Schema.Type.NULL) {
              return null;
            }
          }
        }
        return any(branches.get(random.nextInt(branches.size())), random, depth + 1);
      case RECORD:
        GenericData.Record record = new GenericData.Record(s);
        for (Schema.Field field : s.getFields()) {
          record.put(field.pos(), any(field.schema(), random, depth + 1));
        }
        return record;
      default:
        throw new IllegalStateException(s.toString());
    }
  }

  private static String text(Random random) {
    return pick(random, "", "plain", "quote \" slash / \\ tab \t", "ünïcödé €", "🚲", "\u0000\u001f\u007f\u2028", "x".repeat(random.nextInt(100)));
  }

  @SafeVarargs
  private static <T> T pick(Random random, T... of) {
    return of[random.nextInt(of.length)];
  }
}
