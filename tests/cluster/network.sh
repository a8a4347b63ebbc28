#!/usr/bin/env bash
# The bridge of this cluster's pods. Promises: a /24 that no other route of the machine uses, remembered; the node's address is the
# bridge's own, so the cluster works without any other network and survives a change of it.
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"

subnet_is_free() { ! ip -4 route show table all | grep -v "dev $BRIDGE" | grep -qF "$1."; }

prefix=
[ ! -s "$C/subnet" ] || prefix=$(<"$C/subnet")
until [ -n "$prefix" ] && subnet_is_free "$prefix"; do
  prefix=10.$((64 + RANDOM % 32)).$((RANDOM % 256))
done
echo "$prefix" >"$C/subnet"
echo "$prefix.1" >"$C/node-address"

ip link show "$BRIDGE" >/dev/null 2>&1 || ip link add "$BRIDGE" type bridge
ip addr replace "$prefix.1/24" brd + dev "$BRIDGE"
ip link set "$BRIDGE" up

mkdir -p "$C/cni"
cat >"$C/cni/10-bridge.conflist" <<JSON
{"cniVersion": "0.4.0", "name": "$INSTANCE", "plugins": [
  {"type": "bridge", "bridge": "$BRIDGE", "isGateway": true, "ipMasq": false,
   "ipam": {"type": "host-local", "dataDir": "$C/cni-addresses", "ranges": [[{"subnet": "$prefix.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "loopback"}]}
JSON
