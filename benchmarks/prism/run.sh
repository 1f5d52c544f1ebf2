#!/usr/bin/env bash
# Sends all operations through the component to Prism, a mock server made from Lago's published contract, and tells which requests it
# refuses as off-contract. Needs npm.   usage: benchmarks/prism/run.sh path/to/openapi.yaml
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 path/to/openapi.yaml"; exit 2; }
contract=$(realpath "$1")
cd "$(dirname "$0")/../.."
./mvnw -q -B -ntp package -Drun -Dbenchmark=contract -Dlago.openapi="$contract" -pl benchmarks -am
