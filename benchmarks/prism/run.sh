#!/usr/bin/env bash
# Sends all operations through the component to Prism, a mock server created from Lago's published contract, and reports the requests
# that violate the contract. Needs npm. Usage: benchmarks/prism/run.sh path/to/openapi.yaml
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 path/to/openapi.yaml"; exit 2; }
contract=$(realpath "$1")
cd "$(dirname "$0")/../.."
./mvnw -q -B -ntp package -Drun -Dbenchmark=contract -Dlago.openapi="$contract" -pl benchmarks -am
