# shellcheck shell=bash
# Sourced by .ci/run: a container engine that answers, and images that it can run.
# A dockerd started here is ended here, by its process id; one that ran before stays.

readonly docker_pid_file=/var/run/docker.pid

install_packages() {
    printf 'installing %s\n' "$*"
    # A mirror may drop a connection; an old list of packages names what is gone.
    local attempt
    for attempt in 1 2 3; do
        if apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "$@" >/dev/null; then
            return 0
        fi
        sleep $((attempt * 5))
    done
    printf 'error: apt-get could not install %s\n' "$*" >&2
    return 1
}

engine_answers() { timeout 10 docker info >/dev/null 2>&1; }

# A dockerd that was killed leaves its number behind; another process may have it now,
# and dockerd would refuse to start because of it.
remove_stale_pid_files() {
    local file pid
    for file in "$docker_pid_file" /var/run/docker/containerd/containerd.pid; do
        [[ -s $file ]] || continue
        pid=$(<"$file")
        [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "$(basename "$file" .pid)"* ]] ||
            [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]] || rm -f "$file"
    done
}

# start_dockerd OPTION...: true once it answers; its log is kept for when it does not.
start_dockerd() {
    local waited
    remove_stale_pid_files
    dockerd --pidfile "$docker_pid_file" "$@" >"$engine_log" 2>&1 </dev/null &
    started_engine=$!
    for waited in {1..60}; do
        if engine_answers; then
            printf 'started dockerd %s as process %s after %s attempts\n' \
                "$*" "$started_engine" "$waited"
            return 0
        fi
        kill -0 "$started_engine" 2>/dev/null || break
        sleep 0.5
    done
    stop_engine
    return 1
}

stop_engine() {
    [[ -n $started_engine ]] || return 0
    kill "$started_engine" 2>/dev/null || true
    wait "$started_engine" 2>/dev/null || true
    started_engine=
}

start_engine() {
    if engine_answers; then
        printf 'a container engine answers already\n'
        return 0
    fi
    if ! command -v dockerd >/dev/null; then install_packages docker.io iptables; fi
    engine_log=$(mktemp --suffix=.dockerd.log)
    # In order of preference. Published ports work without iptables too, through the
    # engine's own proxy; vfs works where the kernel cannot stack file systems.
    start_dockerd && return 0
    start_dockerd --iptables=false && return 0
    start_dockerd --iptables=false --storage-driver=vfs && return 0
    printf 'error: dockerd does not start; the end of its log:\n' >&2
    tail -n 30 "$engine_log" >&2
    return 1
}

can_pull() {
    [[ ${ATTEST_IMAGES:-upstream} == upstream ]] || return 1
    local image
    for image in "$@"; do
        docker image inspect "$image" >/dev/null 2>&1 && continue
        # A look first: where no registry is reached, that fails within seconds.
        timeout 20 docker manifest inspect "$image" >/dev/null 2>&1 || return 1
        timeout 600 docker pull --quiet "$image" || return 1
    done
}

# The program that puts the services together; the older one is Debian's.
install_compose() {
    if docker compose version >/dev/null 2>&1; then return; fi
    if ! command -v docker-compose >/dev/null; then install_packages docker-compose; fi
}

# Sets and exports ATTEST_POSTGRES_IMAGE, ATTEST_KAFKA_IMAGE, ATTEST_PYTHON_IMAGE and
# ATTEST_GATEWAY_IMAGE.
choose_images() {
    local postgres=${ATTEST_POSTGRES_IMAGE:-} kafka=${ATTEST_KAFKA_IMAGE:-}
    local python=${ATTEST_PYTHON_IMAGE:-} gateway=${ATTEST_GATEWAY_IMAGE:-}
    # shellcheck source=deploy/offline/upstream.env
    source deploy/offline/upstream.env
    ATTEST_POSTGRES_IMAGE=${postgres:-$ATTEST_POSTGRES_IMAGE}
    ATTEST_KAFKA_IMAGE=${kafka:-$ATTEST_KAFKA_IMAGE}
    ATTEST_PYTHON_IMAGE=${python:-$ATTEST_PYTHON_IMAGE}
    ATTEST_GATEWAY_IMAGE=${gateway:-$ATTEST_GATEWAY_IMAGE}
    if ! can_pull "$ATTEST_POSTGRES_IMAGE" "$ATTEST_KAFKA_IMAGE" \
        "$ATTEST_PYTHON_IMAGE" "$ATTEST_GATEWAY_IMAGE"; then
        printf 'images cannot be pulled: building them here\n'
        deploy/offline/build postgres kafka python nginx
        ATTEST_POSTGRES_IMAGE=attest-offline/postgres
        ATTEST_KAFKA_IMAGE=attest-offline/kafka
        ATTEST_PYTHON_IMAGE=attest-offline/python
        ATTEST_GATEWAY_IMAGE=attest-offline/nginx
    fi
    export ATTEST_POSTGRES_IMAGE ATTEST_KAFKA_IMAGE ATTEST_PYTHON_IMAGE ATTEST_GATEWAY_IMAGE
    printf 'images: %s, %s, %s and %s\n' "$ATTEST_POSTGRES_IMAGE" "$ATTEST_KAFKA_IMAGE" \
        "$ATTEST_PYTHON_IMAGE" "$ATTEST_GATEWAY_IMAGE"
}
