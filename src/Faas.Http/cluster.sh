#!/usr/bin/env bash
# Three nodes of one cluster on this machine, with one Redis, until Ctrl+C: `make cluster` (docs/cluster.md).
# Usage: src/Faas.Http/cluster.sh FAAS-SERVER.DLL
# Variables: HTTP_PORT, CLUSTER_PORT: the first of three ports each; CLUSTER_REDIS_PORT
set -u
server=$(realpath "${1:?the path of faas-server.dll}")
http=${HTTP_PORT:-8081}
port=${CLUSTER_PORT:-4053}
redis=${CLUSTER_REDIS_PORT:-6390}
folder=$(mktemp -d /tmp/faas-cluster-XXXXXX)
seeds=127.0.0.1:$port,127.0.0.1:$((port + 1)),127.0.0.1:$((port + 2))
nodes=() # their process ids
store=

# In sessions of their own, so that Ctrl+C reaches this script alone: the nodes end first, and then their Redis.
end() {
  trap '' INT TERM HUP
  [ ${#nodes[@]} -eq 0 ] || { kill -TERM "${nodes[@]}"; wait "${nodes[@]}"; } 2> /dev/null
  [ -z "$store" ] || { kill -TERM "$store"; wait "$store"; } 2> /dev/null
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

start() { # its number, from 0
  local own=$folder/node-$(($1 + 1))
  mkdir "$own"
  (cd "$own" && exec setsid env -i PATH="$PATH" HOME="${HOME:-/}" \
    HTTP_PORT=$((http + $1)) FAAS_DATA_DIR="$own/data" FAAS_SECRETS_KEY_FILE="$folder/secrets.key" \
    REDIS_HOST=127.0.0.1 REDIS_PORT="$redis" REDIS_LEASE=0 \
    FAAS_CLUSTER_ENABLED=true FAAS_CLUSTER_PORT=$((port + $1)) FAAS_CLUSTER_SEEDS="$seeds" \
    dotnet "$server" < /dev/null > "$own/log" 2>&1) &
  nodes+=($!)
}

listens() { grep -q '^Faas listens on ' "$folder/node-$1/log"; }

setsid redis-server --bind 127.0.0.1 --port "$redis" --dir "$folder" --appendonly yes --appendfsync always --save '' \
  < /dev/null > "$folder/redis.log" 2>&1 &
store=$!
for node in 0 1 2; do start $node; done
for node in 1 2 3; do
  until listens $node; do
    kill -0 "${nodes[node - 1]}" 2> /dev/null || { echo "Node $node has not started:" >&2; cat "$folder/node-$node/log" >&2; exit 1; }
    sleep 0.1 & wait $!
  done
done

cat << END
Three nodes are up. Their scripts are in one Redis, for as long as this runs.
  node 1  http://localhost:$http  process ${nodes[0]}  log $folder/node-1/log
  node 2  http://localhost:$((http + 1))  process ${nodes[1]}  log $folder/node-2/log
  node 3  http://localhost:$((http + 2))  process ${nodes[2]}  log $folder/node-3/log
Try, in another terminal:
  the members, as node 1 sees them       curl -s http://localhost:$http/api/v1/cluster
  a run on node 2                        curl -s http://localhost:$((http + 1))/run-now -H 'Content-Type: application/json' -d '{"language": "python", "code": "return 1"}'
  a node that is stopped                 kill -TERM ${nodes[2]}
  a node that fails, gone 10 s later     kill -KILL ${nodes[2]}
  two that fail: the third ends, too     kill -KILL ${nodes[1]} ${nodes[2]}
Ctrl+C ends all of it.
END
wait "${nodes[@]}"
echo 'All nodes have ended.'
