// Produces or consumes Avro events through one of two JavaScript clients, unmodified, over kafkajs, or calls a registry.
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
const type = job.schema && avsc.Type.forSchema(JSON.parse(job.schema));

const users = 'users-value';
const user = { name: 'shop.User', subject: users, version: 2 };
const shopGroup = { name: 'shop.Group', subject: 'groups', version: 1 };

// status gives that with which a registry refused, as one of the clients has it in its errors.
const status = (promise) => promise.then(() => 200, (err) => err.status ?? 0);

// Each client is two functions, serialize(value, headers) that gives a Buffer, and deserialize(message) that gives a value,
// and call(), which takes the steps that calls_test.go describes.
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
      call: async () => {
        const schema = (name, ...references) => ({ schemaType: 'AVRO', schema: job.schemas[name], references });
        const out = { registered: [await client.register(users, schema('userV1'))], compatible: [] };
        for (const name of ['userV2', 'userBad']) out.compatible.push(await client.testSubjectCompatibility(users, schema(name)));
        for (const name of ['userWritten', 'userV2']) out.registered.push(await client.register(users, schema(name)));
        out.refused = await status(client.register(users, schema('userBad')));
        const latest = await client.getLatestSchemaMetadata(users);
        out.latest = [latest.version, latest.id];
        out.versions = await client.getAllVersions(users);
        out.lookedUp = await client.getId(users, schema('userV1'));
        client.clearCaches();
        out.byID = (await client.getBySubjectAndId(users, latest.id)).schema;
        out.referring = [await client.register('groups', schema('group', user))];
        out.referring.push(await client.register('clubs', schema('club', shopGroup, user)));
        client.clearCaches();
        const { references } = await client.getBySubjectAndId('clubs', out.referring[1]);
        out.references = references.map((r) => `${r.name}@${r.subject}:${r.version}`);
        await client.updateCompatibility(users, 'FULL');
        out.level = await client.getCompatibility(users);
        out.subjects = await client.getAllSubjects();
        out.deleted = [await client.deleteSubjectVersion(users, 1, false), await client.deleteSubjectVersion(users, 1, true)];
        out.undeleted = await status(client.deleteSubject(users, false));
        for (const subject of ['clubs', 'groups', users]) {
          await client.deleteSubject(subject, false);
          await client.deleteSubject(subject, true);
        }
        out.left = await client.getAllSubjects();
        return out;
      },
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
      call: async () => {
        const schema = (name, ...references) => ({ type: SchemaType.AVRO, schema: job.schemas[name], references });
        const register = async (subject, ...s) => (await registry.register(schema(...s), { subject })).id;
        const out = { registered: [] };
        for (const name of ['userV1', 'userWritten', 'userV2']) out.registered.push(await register(users, name));
        out.refused = await status(register(users, 'userBad'));
        out.latest = [2, await registry.getLatestSchemaId(users)];
        out.versions = [];
        for (const version of [1, 2]) if (await registry.getRegistryId(users, version)) out.versions.push(version);
        out.lookedUp = await registry.getRegistryIdBySchema(users, schema('userV1'));
        out.referring = [await register('groups', 'group', user), await register('clubs', 'club', shopGroup, user)];
        return out;
      },
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

async function call(client) {
  process.stdout.write(JSON.stringify({ value: await client.call() }) + '\n');
}

async function main() {
  const kafka = new Kafka({ clientId: 'bridge', brokers: [job.kafka], logLevel: logLevel.ERROR });
  await { produce, consume, call }[job.do](clients[job.client](), kafka);
}

main().catch((err) => {
  console.error(err);
  process.exit(1);
});
