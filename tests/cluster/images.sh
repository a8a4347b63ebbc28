#!/usr/bin/env bash
# Builds the images of the cluster from the machine's static busybox into one archive, no registry needed.
# Promises: prints the archive's path; built once per version of this script and of busybox.
#   docker.io/local/pause:1       what every pod's sandbox runs
#   docker.io/library/busybox:1   a shell and the usual tools
#   docker.io/library/web:1, :2   a page on port 8080 that says its version, a line to stdout every two seconds, stops when asked
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"

key=$(cat "$0" /bin/busybox | sha256sum | cut -c1-12)
archive=$CACHE/images-$key/images.tar
if [ ! -s "$archive" ]; then
  mkdir -p "$(dirname "$archive")"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  cd "$work"

  layer() { # folder -> archive of it, named by its digest
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$1" -cf layer.new .
    local digest
    digest=$(sha256sum layer.new | cut -d' ' -f1)
    mv layer.new "$digest.tar"
    echo "$digest"
  }
  image() { # file, name, command, environment, layers...
    local file=$1 name=$2 command=$3 environment=$4
    shift 4
    jq -cn --argjson command "$command" --argjson environment "$environment" --arg architecture "$(dpkg --print-architecture)" \
      '{architecture: $architecture, os: "linux", config: {Cmd: $command, Env: (["PATH=/bin"] + $environment), WorkingDir: "/"},
        rootfs: {type: "layers", diff_ids: ($ARGS.positional | map("sha256:" + .))}}' --args "$@" >"$file.json"
    jq -cn --arg config "$file.json" --arg name "$name" \
      '{Config: $config, RepoTags: [$name], Layers: ($ARGS.positional | map(. + ".tar"))}' --args "$@" >>manifests
  }

  mkdir -p base/bin base/etc base/home base/proc base/root
  mkdir -m 1777 base/tmp
  cp /bin/busybox base/bin/
  for applet in $(/bin/busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "base/bin/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home:/bin/sh\n' >base/etc/passwd
  printf 'root:x:0:\nuser:x:1000:\n' >base/etc/group
  base=$(layer base)
  image pause docker.io/local/pause:1 '["/bin/sleep", "2147483647"]' '[]' "$base"
  image busybox docker.io/library/busybox:1 '["/bin/sh"]' '[]' "$base"

  for version in 1 2; do
    mkdir -p "web$version/www"
    echo "<!doctype html><title>web $version</title><h1>web $version</h1>" >"web$version/www/index.html"
    cat >"web$version/web.sh" <<'SH'
trap 'echo "asked to stop"; exit 0' TERM INT
httpd -f -v -p 8080 -h /www &
line=0
while :; do
  line=$((line + 1))
  echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) web $VERSION on $(hostname): line $line"
  sleep 2 &
  wait $!
done
SH
    image "web$version" "docker.io/library/web:$version" '["/bin/sh", "/web.sh"]' "[\"VERSION=$version\"]" "$base" "$(layer "web$version")"
  done
  jq -cs . manifests >manifest.json
  tar -cf "$archive.new" -- *.json *.tar
  mv "$archive.new" "$archive"
fi
echo "$archive"
