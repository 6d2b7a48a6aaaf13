#!/bin/sh
# The main job, end to end, on this machine alone: what make demo runs. AVOW is the command, GO the go command.
set -eu

AVOW=${AVOW:-.build/avow}
GO=${GO:-go}
work=$(mktemp -d .build/demo.XXXXXX)
dev=

finish() {
    status=$?
    trap - EXIT INT TERM
    if [ -n "$dev" ]; then
        kill -TERM "$dev" 2>/dev/null || true
        wait "$dev" 2>/dev/null || true
    fi
    case $status in
    0) ;;
    130 | 143) printf '\nThe demo was interrupted; nothing is left running.\n' >&2 ;;
    *)
        printf '\nThe demo failed (exit %s).\n' "$status" >&2
        test ! -s "$work/dev.log" || { printf 'The last lines of avow dev:\n' >&2; tail -n 5 "$work/dev.log" >&2; }
        ;;
    esac
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

bold= green= red= plain=
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$(printf '\033[1m') green=$(printf '\033[32m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
fi
section() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
ok() { printf '  %s✓%s %s\n' "$green" "$plain" "$*"; }
refused() { printf '  %s✗%s %s\n' "$red" "$plain" "$*"; }
indent() { sed 's/^/    /'; }

# Built before the broker starts, so that nothing below waits for a compiler.
$GO build -o "$work/tour" ./examples/tour

section "Generate Go types from schemas/"
"$AVOW" generate >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
indent <"$work/out"
ok "gen/ holds what the schemas say"

section "Check compatibility"
"$AVOW" compat --against HEAD >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
indent <"$work/out"
ok "nobody is broken"

section "Break a contract on purpose: rename the field total of OrderCreated"
cp -R schemas "$work/schemas"
sed 's/"name": "total"/"name": "grand_total"/' schemas/orders/OrderCreated.avsc >"$work/schemas/orders/OrderCreated.avsc"
status=0
"$AVOW" compat --against schemas "$work/schemas" >"$work/out" 2>&1 || status=$?
indent <"$work/out"
test "$status" -eq 100 || { printf 'the break was not refused: exit %s\n' "$status" >&2; exit 1; }
refused "refused with exit 100: CI would stop here"

section "Start a broker and a registry, in one process on free ports"
mkfifo "$work/ready"
"$AVOW" dev --kafka 127.0.0.1:0 --registry 127.0.0.1:0 --ui 127.0.0.1:0 --ephemeral >"$work/ready" 2>"$work/dev.log" &
dev=$!
read -r line <"$work/ready" || { printf 'avow dev did not start\n' >&2; exit 1; }
test "$line" = ready || { printf 'avow dev said %s\n' "$line" >&2; exit 1; }
eval "$(grep '^export ' "$work/dev.log")"
ok "Kafka at $KAFKA_BOOTSTRAP_SERVERS, Schema Registry at $SCHEMA_REGISTRY_URL"

section "Register every contract, references first"
"$AVOW" apply >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
indent <"$work/out"
ok "every contract has its subject, version and id"

"$work/tour" -events 1000

printf '\n%sThat is the whole way of an event, from its .avsc file to a typed handler.%s\n' "$bold" "$plain"
