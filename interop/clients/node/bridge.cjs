// Produces or consumes Avro events through one of two JavaScript clients, unmodified, over kafkajs.
//
// The job is a JSON object in the first argument. Events pass stdin and stdout as lines {"key": …, "value": …}, the value in
// Avro's own JSON encoding, which the avsc package reads and writes.
const path = require('node:path');
const { createRequire } = require('node:module');
const load = createRequire(path.join(process.env.BRIDGE_MODULES, 'package.json'));
const avsc = load('avsc');
const { Kafka, logLevel } = load('kafkajs');

const job = JSON.parse(process.argv[2]);
const subject = job.naming === 'TopicRecordName' ? `${job.topic}-${job.record}` : `${job.topic}-value`;
const type = avsc.Type.forSchema(JSON.parse(job.schema));

// Each client is two functions: serialize(value, headers) gives a Buffer, deserialize(message) a value.
const clients = {
  confluentinc() {
    const lib = load('@confluentinc/schemaregistry');
    const client = new lib.SchemaRegistryClient({ baseURLs: [job.registry] });
    const conf = { subjectNameStrategy: () => subject };
    const serializer = new lib.AvroSerializer(client, lib.SerdeType.VALUE, {
      ...conf,
      useLatestVersion: true,
      autoRegisterSchemas: false,
      ...(job.framing === 'header' ? { schemaIdSerializer: lib.HeaderSchemaIdSerializer } : {}),
    });
    const deserializer = new lib.AvroDeserializer(client, lib.SerdeType.VALUE, conf);
    return {
      prepare: async () => {
        if (job.register) await client.register(subject, { schemaType: 'AVRO', schema: job.schema });
      },
      serialize: (value, headers) => serializer.serialize(job.topic, value, headers),
      deserialize: (message) => deserializer.deserialize(job.topic, message.value, message.headers),
    };
  },
  kafkajs() {
    const { SchemaRegistry, SchemaType } = load('@kafkajs/confluent-schema-registry');
    const registry = new SchemaRegistry({ host: job.registry });
    let id;
    return {
      prepare: async () => {
        id = job.register
          ? (await registry.register({ type: SchemaType.AVRO, schema: job.schema }, { subject })).id
          : await registry.getLatestSchemaId(subject);
      },
      serialize: (value) => registry.encode(id, value),
      deserialize: (message) => registry.decode(message.value),
    };
  },
};

async function produce(client, kafka) {
  await client.prepare();
  const lines = require('node:fs').readFileSync(0, 'utf8').split('\n').filter(Boolean);
  const messages = [];
  for (const line of lines) {
    const event = JSON.parse(line);
    const headers = {};
    const value = await client.serialize(type.fromString(JSON.stringify(event.value)), headers);
    messages.push({ key: event.key, value, headers });
  }
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: job.topic, numPartitions: 6 }] });
  await admin.disconnect();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  await producer.send({ topic: job.topic, acks: -1, messages });
  await producer.disconnect();
}

async function consume(client, kafka) {
  const consumer = kafka.consumer({ groupId: `javascript-${job.topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic: job.topic, fromBeginning: true });
  const lines = [];
  await new Promise((resolve, reject) => {
    consumer.run({
      eachMessage: async ({ message }) => {
        try {
          const value = type.toString(await client.deserialize(message));
          lines.push(`{"key":${JSON.stringify(message.key.toString())},"value":${value}}`);
        } catch (err) {
          reject(err);
        }
        if (lines.length === job.count) resolve();
      },
    }).catch(reject);
  });
  await consumer.disconnect();
  process.stdout.write(lines.map((line) => line + '\n').join(''));
}

async function main() {
  const kafka = new Kafka({ clientId: 'bridge', brokers: [job.kafka], logLevel: logLevel.ERROR });
  await { produce, consume }[job.do](clients[job.client](), kafka);
}

main().catch((err) => {
  console.error(err);
  process.exit(1);
});
