# Runs avow compat for action.yml: annotations to the log, a table to the job summary, and the exit code of avow.
set -uo pipefail

avow=${AVOW:-$RUNNER_TEMP/avow}
arguments=()
[ -n "${AVOW_AGAINST:-}" ] && arguments+=(--against "$AVOW_AGAINST")
[ -n "${AVOW_LEVEL:-}" ] && arguments+=(--level "$AVOW_LEVEL")
# Paths are split at blanks and not expanded further.
read -r -a paths -d '' <<<"${AVOW_PATHS:-}" || true
arguments+=(-- ${paths[@]+"${paths[@]}"}) # bash 3 takes an empty list for an unset one
# avow itself reads AVOW_CONFIG; an empty one names no file.
[ -n "${AVOW_CONFIG:-}" ] || unset AVOW_CONFIG

failure=$(mktemp)
trap 'rm -f "$failure"' EXIT
"$avow" compat --format github "${arguments[@]}" 2>"$failure"
code=$?
cat "$failure" >&2

{
	"$avow" compat --format markdown "${arguments[@]}" 2>/dev/null
	if [ "$code" -ne 0 ] && [ "$code" -ne 100 ]; then
		# What could not be read or reached is in no table.
		printf '\n### ❌ avow compat could not do its work\n\n```\n%s\n```\n' "$(cat "$failure")"
	fi
} >>"${GITHUB_STEP_SUMMARY:-/dev/null}"

if [ "$code" -ne 0 ] && [ "$code" -ne 100 ]; then
	message=$(cat "$failure")
	message=${message//'%'/'%25'}
	message=${message//$'\n'/'%0A'}
	echo "::error title=avow compat::$message"
fi
exit "$code"
