"""Produces or consumes Avro events through confluent-kafka-python's serializers, unmodified, or calls its registry client.

The job is a JSON object in the first argument. Events pass stdin and stdout as lines {"key": ..., "value": ...}, the value
in avow's plain JSON. In between stand Python's own values: Decimal, UUID, datetime, bytes.
"""

import base64
import datetime
import decimal
import json
import sys
import uuid

from confluent_kafka import Consumer, Producer
from confluent_kafka.schema_registry import (
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    header_schema_id_serializer,
    prefix_schema_id_serializer,
    topic_record_subject_name_strategy,
    topic_subject_name_strategy,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext

UTC = datetime.timezone.utc


class Walker:
    """Turns plain JSON into Python's values by a schema, and back."""

    def __init__(self, schema):
        self.named = {}
        self.root = self.resolve(schema, "")

    def resolve(self, schema, namespace):
        """Returns the schema with every name made full and entered."""
        if isinstance(schema, str):
            return schema if "." in schema or not namespace else self.full(schema, namespace)
        if isinstance(schema, list):
            return [self.resolve(s, namespace) for s in schema]
        schema = dict(schema)
        kind = schema["type"]
        if kind in ("record", "enum", "fixed"):
            name = schema["name"] if "." in schema["name"] else self.full(schema["name"], schema.get("namespace", namespace))
            schema["name"], namespace = name, name.rpartition(".")[0]
            self.named[name] = schema
        if kind == "record":
            schema["fields"] = [dict(f, type=self.resolve(f["type"], namespace)) for f in schema["fields"]]
        elif kind == "array":
            schema["items"] = self.resolve(schema["items"], namespace)
        elif kind == "map":
            schema["values"] = self.resolve(schema["values"], namespace)
        return schema

    @staticmethod
    def full(name, namespace):
        primitive = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
        return name if name in primitive or not namespace else namespace + "." + name

    def look(self, schema):
        """Returns kind, logical type and the schema itself."""
        if isinstance(schema, list):
            return "union", None, schema
        if isinstance(schema, str):
            schema = self.named.get(schema, {"type": schema})
        return schema["type"], schema.get("logicalType"), schema

    def tag(self, schema):
        kind, _, schema = self.look(schema)
        return schema.get("name", kind)

    def native(self, schema, v):
        kind, logical, schema = self.look(schema)
        if kind == "union":
            if v is None:
                return None
            branches = [s for s in schema if s != "null"]
            if len(branches) == 1:
                return self.native(branches[0], v)
            (tag, v), = v.items()
            branch = next(s for s in branches if self.tag(s) == tag)
            v = self.native(branch, v)
            return (tag, v) if self.look(branch)[0] == "record" else v
        if kind == "record":
            return {f["name"]: self.native(f["type"], v[f["name"]]) for f in schema["fields"]}
        if kind == "array":
            return [self.native(schema["items"], i) for i in v]
        if kind == "map":
            return {k: self.native(schema["values"], i) for k, i in v.items()}
        if logical == "decimal":
            return decimal.Decimal(v)
        if logical == "uuid":
            return uuid.UUID(v)
        if logical == "date":
            return datetime.date.fromisoformat(v)
        if logical in ("time-millis", "time-micros"):
            return datetime.time.fromisoformat(v)
        if logical in ("timestamp-millis", "timestamp-micros", "local-timestamp-millis", "local-timestamp-micros"):
            whole, _, fraction = v.removesuffix("Z").partition(".")
            moment = datetime.datetime.fromisoformat(whole)
            if not logical.startswith("local"):
                moment = moment.replace(tzinfo=UTC)
            return moment.replace(microsecond=int(fraction.ljust(6, "0")) if fraction else 0)
        if kind in ("bytes", "fixed"):
            return base64.b64decode(v)
        if kind in ("float", "double"):
            return float(v)
        return v

    def plain(self, schema, v):
        kind, logical, schema = self.look(schema)
        if kind == "union":
            if v is None:
                return None
            branches = [s for s in schema if s != "null"]
            branch = branches[0] if len(branches) == 1 else next(s for s in branches if self.fits(s, v))
            v = self.plain(branch, v)
            return v if len(branches) == 1 else {self.tag(branch): v}
        if kind == "record":
            return {f["name"]: self.plain(f["type"], v[f["name"]]) for f in schema["fields"]}
        if kind == "array":
            return [self.plain(schema["items"], i) for i in v]
        if kind == "map":
            return {k: self.plain(schema["values"], i) for k, i in v.items()}
        if logical in ("decimal", "uuid"):
            return str(v)
        if logical == "date":
            return v.isoformat()
        if logical in ("time-millis", "local-timestamp-millis"):
            return v.isoformat(timespec="milliseconds")
        if logical in ("time-micros", "local-timestamp-micros"):
            return v.isoformat(timespec="microseconds")
        if logical in ("timestamp-millis", "timestamp-micros"):
            return v.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        if kind in ("bytes", "fixed"):
            return base64.b64encode(v).decode()
        return v

    def fits(self, schema, v):
        kind, _, schema = self.look(schema)
        if kind == "record":
            return isinstance(v, dict) and set(v) == {f["name"] for f in schema["fields"]}
        kinds = {"boolean": bool, "long": int, "int": int, "double": float, "float": float}
        return kind not in kinds or type(v) is kinds[kind]


def produce(job, registry, walker, keys):
    framing = header_schema_id_serializer if job["framing"] == "header" else prefix_schema_id_serializer
    conf = {
        "auto.register.schemas": job["register"],
        "use.latest.version": not job["register"],
        "schema.id.serializer": framing,
    }
    serialize = AvroSerializer(registry, job["schema"], conf=conf | {"subject.name.strategy": strategy(job)})
    if keys:
        serialize_key = AvroSerializer(registry, job["keySchema"], conf=conf | {"subject.name.strategy": topic_subject_name_strategy})
    producer = Producer({"bootstrap.servers": job["kafka"], "enable.idempotence": True})
    failed = []
    for line in sys.stdin:
        event = json.loads(line)
        headers = []
        if keys:
            context = SerializationContext(job["topic"], MessageField.KEY, headers)
            key = serialize_key(keys.native(keys.root, event["keyValue"]), context)
        else:
            key = event["key"]
        context = SerializationContext(job["topic"], MessageField.VALUE, headers)
        value = serialize(walker.native(walker.root, event["value"]), context)
        producer.produce(job["topic"], key=key, value=value, headers=headers, on_delivery=lambda err, _: err and failed.append(err))
    producer.flush(30)
    if failed:
        sys.exit(f"not delivered: {failed[0]}")


def consume(job, registry, walker, keys):
    deserialize = AvroDeserializer(registry, conf={"subject.name.strategy": strategy(job)})
    deserialize_key = AvroDeserializer(registry, conf={"subject.name.strategy": topic_subject_name_strategy})
    consumer = Consumer({"bootstrap.servers": job["kafka"], "group.id": "python-" + job["topic"], "auto.offset.reset": "earliest"})
    consumer.subscribe([job["topic"]])
    for _ in range(job["count"]):
        message = consumer.poll(30)
        if message is None:
            sys.exit("no message for 30 s")
        if message.error():
            sys.exit(str(message.error()))
        context = SerializationContext(message.topic(), MessageField.VALUE, message.headers())
        event = {"value": walker.plain(walker.root, deserialize(message.value(), context))}
        if keys:
            context = SerializationContext(message.topic(), MessageField.KEY, message.headers())
            event["keyValue"] = keys.plain(keys.root, deserialize_key(message.key(), context))
        else:
            event["key"] = message.key().decode()
        print(json.dumps(event))
    consumer.close()


def call(job, registry, *_):
    """Takes the steps that calls_test.go describes."""
    texts, users = job["schemas"], "users-value"

    def schema(name, *references):
        return Schema(texts[name], "AVRO", [SchemaReference(*r) for r in references])

    def status(fn, *args):
        try:
            fn(*args)
        except SchemaRegistryError as err:
            return err.http_status_code
        return 200

    out = {"registered": [registry.register_schema(users, schema("userV1"))]}
    out["compatible"] = [registry.test_compatibility(users, schema(name)) for name in ("userV2", "userBad")]
    out["registered"] += [registry.register_schema(users, schema(name)) for name in ("userWritten", "userV2")]
    out["refused"] = status(registry.register_schema, users, schema("userBad"))
    latest = registry.get_latest_version(users)
    out["latest"] = [latest.version, latest.schema_id]
    out["versions"] = registry.get_versions(users)
    out["lookedUp"] = registry.lookup_schema(users, schema("userV1")).schema_id
    registry.clear_caches()
    out["byID"] = registry.get_schema(latest.schema_id).schema_str
    user = ("shop.User", users, 2)
    out["referring"] = [
        registry.register_schema("groups", schema("group", user)),
        registry.register_schema("clubs", schema("club", ("shop.Group", "groups", 1), user)),
    ]
    registry.clear_caches()
    references = registry.get_schema(out["referring"][1]).references
    out["references"] = [f"{r.name}@{r.subject}:{r.version}" for r in references]
    registry.set_compatibility(users, "FULL")
    out["level"] = registry.get_compatibility(users)
    out["subjects"] = registry.get_subjects()
    out["deleted"] = [registry.delete_version(users, 1), registry.delete_version(users, 1, permanent=True)]
    out["undeleted"] = status(registry.delete_subject, users)
    for subject in ("clubs", "groups", users):
        registry.delete_subject(subject)
        registry.delete_subject(subject, permanent=True)
    out["left"] = registry.get_subjects()
    print(json.dumps({"value": out}))


def strategy(job):
    return topic_record_subject_name_strategy if job["naming"] == "TopicRecordName" else topic_subject_name_strategy


def main():
    job = json.loads(sys.argv[1])
    registry = SchemaRegistryClient({"url": job["registry"]})
    walkers = [Walker(json.loads(job[schema])) if job[schema] else None for schema in ("schema", "keySchema")]
    {"produce": produce, "consume": consume, "call": call}[job["do"]](job, registry, *walkers)


main()
