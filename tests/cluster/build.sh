#!/usr/bin/env bash
# Builds one part of the cluster from Go modules: build.sh kubernetes|etcd|metrics-server|kwok, or the program of its tests: judges.
# Promises: prints the folder of the finished binaries on its last line; a second call only looks.
# The cache is keyed by version; a build interrupted half-way is not taken for a finished one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/dev/lib/paths.sh
source "$here/../dev/lib/paths.sh"
# shellcheck source=tests/cluster/versions.sh
source "$here/versions.sh"

part=${1:?which part: kubernetes, etcd, metrics-server, kwok or judges}
flags="-s -w"
case $part in
  kubernetes)
    version=$KUBERNETES_VERSION
    packages=(k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubelet,kubectl})
    IFS=. read -r major minor _ <<<"$version"
    for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
      flags+=" -X $package.gitVersion=v$version -X $package.gitMajor=$major -X $package.gitMinor=$minor"
    done ;;
  etcd) version=$ETCD_VERSION packages=(go.etcd.io/etcd/server/v3) ;;
  metrics-server) version=$METRICS_SERVER_VERSION packages=(sigs.k8s.io/metrics-server/cmd/metrics-server) ;;
  kwok) version=$KWOK_VERSION packages=(sigs.k8s.io/kwok/cmd/kwok) ;;
  # A program of our own: the version is what it is made of.
  judges) version=$(cat "$here"/go/judges/{main.go,go.mod,go.sum} | sha256sum | cut -c1-12) packages=(binnacle/tests/cluster/judges) ;;
  *) echo "build.sh: unknown part '$part'" >&2; exit 2 ;;
esac

target=$CACHE/$part-$version
mkdir -p "$CACHE"
exec 9>"$target.lock"
flock 9
if [ ! -e "$target/.done" ]; then
  rm -rf "$target"
  mkdir -p "$target/bin"
  cd "$here/go/$part"
  # One package a call keeps the memory of the linker low and lets the log show how far it is.
  for package in "${packages[@]}"; do
    echo "building $package"
    name=${package##*/}
    [ "$part" != etcd ] || name=etcd
    CGO_ENABLED=0 GOFLAGS=-mod=readonly nice -n 5 go build -trimpath -buildvcs=false -ldflags "$flags" -o "$target/bin/$name" "$package"
  done
  touch "$target/.done"
fi
echo "$target/bin"
