# What the benchmarks share; sourced, not run.
#
# The server has processor 0 to itself and the audience and the publisher have processor 1,
# where there are two; figures are CPU time, so noise from others shows little, but be quiet.

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
house=$(cd -- "$here/.." && pwd)
. "$house/Ops/lib.sh"

fanfare=${BENCH_BINARY:-$house/.build/release/fanfare}
work=${TMPDIR:-/tmp}/fanfare-bench
http_port=${BENCH_HTTP_PORT:-18080}
rtmp_port=${BENCH_RTMP_PORT:-11935}
staff_port=${BENCH_STAFF_PORT:-19090}
play_url=http://127.0.0.1:$http_port/live/show.flv
mkdir -p "$work"

if [ "$(nproc)" -ge 2 ]; then
    on_server_core=(taskset -c 0)
    on_audience_core=(taskset -c 1)
else
    on_server_core=()
    on_audience_core=()
fi

server_pid=
publisher_pid=

# Ends what is still running, by process id.
stop_all() {
    [ -z "$publisher_pid" ] || { kill "$publisher_pid" 2>/dev/null; wait "$publisher_pid" 2>/dev/null; }
    [ -z "$server_pid" ] || { kill "$server_pid" 2>/dev/null; wait "$server_pid" 2>/dev/null; }
    publisher_pid=
    server_pid=
}
trap stop_all EXIT

# Builds the server, unless a binary is given by BENCH_BINARY.
build_fanfare() {
    need_swift
    need_build_packages
    need_packages ffmpeg gcc
    [ -n "${BENCH_BINARY:-}" ] && return
    say "building fanfare (release)"
    swift build --package-path "$house" -c release --product fanfare >"$work/build.log" 2>&1 ||
        { tail -n 20 "$work/build.log" >&2; die "the build failed (see $work/build.log)"; }
}

# make_clip NAME VIDEO_KBPS AUDIO_KBPS SIZE: a constant-bitrate clip of 30 s, made once.
make_clip() {
    clip=$work/$1.flv
    [ -s "$clip" ] && return
    say "making the clip $clip"
    ffmpeg -v error -y -f lavfi -i "testsrc2=size=$4:rate=25" \
        -f lavfi -i sine=frequency=440:sample_rate=48000 -t 30 \
        -c:v libx264 -preset veryfast -b:v "${2}k" -minrate "${2}k" -maxrate "${2}k" \
        -bufsize "${2}k" -x264-params nal-hrd=cbr:force-cfr=1 -g 50 -keyint_min 50 \
        -sc_threshold 0 -bf 0 -pix_fmt yuv420p -c:a aac -b:a "${3}k" -ac 2 "$clip" ||
        die "ffmpeg could not make the clip"
}

# About 1 Mbit/s and 68 tags a second.
make_one_mbit_clip() { make_clip one-mbit 872 128 640x360; }

# About 32 kbit/s, sound only: what tens of thousands can idle on.
make_idle_clip() {
    clip=$work/idle.flv
    [ -s "$clip" ] && return
    say "making the clip $clip"
    ffmpeg -v error -y -f lavfi -i sine=frequency=440:sample_rate=24000 -t 30 -c:a aac -b:a 26k \
        -ac 1 "$clip" || die "ffmpeg could not make the clip"
}

# start_server OPTIONS...: fanfare on the benchmark's ports, with open ingest.
start_server() {
    "${on_server_core[@]}" "$fanfare" serve --open-ingest --data "$work/data" \
        --http "127.0.0.1:$http_port" --rtmp "127.0.0.1:$rtmp_port" \
        --staff "127.0.0.1:$staff_port" --log-level warning "$@" >"$work/server.log" 2>&1 &
    server_pid=$!
    wait_for_port "$staff_port"
}

# start_floor MERGE_MS SLOTS: the bare ring instead of the server.
start_floor() {
    "${on_server_core[@]}" "$work/floor" "$http_port" "$clip" "$1" "$2" >"$work/floor.log" 2>&1 &
    server_pid=$!
    wait_for_port "$http_port"
}

# start_publisher: the clip, in real time, for ever.
start_publisher() {
    "${on_audience_core[@]}" ffmpeg -v error -re -stream_loop -1 -i "$clip" -c copy -f flv \
        "rtmp://127.0.0.1:$rtmp_port/live/show" >"$work/publisher.log" 2>&1 &
    publisher_pid=$!
    wait_for_stream
}

wait_for_port() {
    local try
    for try in $(seq 200); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        kill -0 "$server_pid" 2>/dev/null || { cat "$work"/*.log >&2; die "the server did not start"; }
        sleep 0.05
    done
    die "nothing listens on port $1"
}

wait_for_stream() {
    local try
    for try in $(seq 100); do
        curl -sf "http://127.0.0.1:$staff_port/api/v1/streams/show" | grep -q '"audio"' && return
        sleep 0.1
    done
    die "the publisher did not get through (see $work/publisher.log)"
}

# rehearse OPTIONS...: the audience; its report stands in $work/report.json then.
rehearse() {
    rm -f "$work/report.json"
    "${on_audience_core[@]}" "$fanfare" rehearse --url "$play_url" --server-pid "$server_pid" \
        --json "$work/report.json" "$@" >"$work/report.txt" 2>"$work/progress.txt"
    rehearse_status=$?
    [ -s "$work/report.json" ] || { cat "$work/progress.txt" >&2; die "the rehearsal failed"; }
}

# value KEY: a number of the last report.
value() {
    awk -v key="\"$1\"" '$1 == key { gsub(",", "", $3); print $3; exit }' "$work/report.json"
}

# median NUMBER...
median() {
    printf '%s\n' "$@" | sort -g | awk '{ a[NR] = $1 }
        END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'
}

# metric NAME: the sum of a metric over its labels.
metric() {
    curl -sf "http://127.0.0.1:$staff_port/metrics" |
        awk -v name="$1" 'index($1, name "{") == 1 || $1 == name { sum += $2 } END { print sum + 0 }'
}

# result NAME VALUE UNIT [RATIO]: a figure for Benchmarks/all, and beside it the ratio to its reference
# of the same run, where there is one.
result() { printf 'RESULT %s %s %s %s\n' "$1" "$2" "$3" "${4:--}"; }

# What the figures were measured on.
machine() {
    printf '%s, %s processors, Linux %s, %s\n' \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(uname -r)" \
        "$(date -u +%F)"
}
