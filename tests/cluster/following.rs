//! Logs that are followed on the real cluster: no line is lost and none comes twice, whatever restarts or breaks.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use commands::{
    ClusterSource, Clusters, Error,
    kubernetes::logs::{LogLine, LogRequest},
};
use domain::{
    core::refusal::ErrorCode,
    kubernetes::{object::ObjectRef, resource::Resource},
    platform::cluster::Environment,
};
use futures::{Stream, StreamExt, stream::BoxStream};
use kube::{
    Api,
    api::{DeleteParams, PostParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};
use tests::{
    PATIENCE,
    cluster::{Namespace, kubeconfig, kubeconfig_by, server},
    fault_proxy::FaultProxy,
    until,
    write_side::{CLUSTER, cluster_id},
};
use tokio::time::timeout;

type Lines = BoxStream<'static, Result<LogLine, Error>>;

async fn clusters(kubeconfig: PathBuf) -> Result<Clusters> {
    let (id, name, environment) = (cluster_id(), CLUSTER.to_owned(), Environment::default());
    let source = ClusterSource { id, name, environment, kubeconfig: Some(kubeconfig) };
    Ok(Clusters::open(&[source]).await?)
}

fn pods(namespace: &Namespace) -> Api<DynamicObject> {
    let resource = ApiResource::from_gvk(&GroupVersionKind::gvk("", "v1", "Pod"));
    Api::namespaced_with(namespace.client.clone(), &namespace.name, &resource)
}

fn shell(name: &str, script: &str) -> Value {
    let mounts = json!([{"name": "kept", "mountPath": "/kept"}]);
    json!({"name": name, "image": "docker.io/library/busybox:1", "command": ["sh", "-c", script], "volumeMounts": mounts})
}

/// Creates a pod whose containers share the folder /kept, also over restarts.
async fn create(namespace: &Namespace, name: &str, policy: &str, init: &[Value], main: &[Value]) -> Result<ObjectRef> {
    let object = serde_json::from_value(json!({
        "metadata": {"name": name},
        "spec": {
            "restartPolicy": policy, "terminationGracePeriodSeconds": 0, "initContainers": init, "containers": main,
            "volumes": [{"name": "kept", "emptyDir": {}}],
        },
    }))?;
    pods(namespace).create(&PostParams::default(), &object).await?;
    let (namespace, name) = (Some(namespace.name.clone()), name.to_owned());
    Ok(ObjectRef { cluster: cluster_id(), kind: Resource::POD, namespace, name })
}

fn following() -> LogRequest {
    LogRequest { follow: true, timestamps: true, ..LogRequest::default() }
}

/// The lines of a container, once it has started.
async fn open(clusters: &Clusters, pod: &ObjectRef, request: LogRequest) -> Lines {
    until("the log can be read", || async {
        let lines = clusters.pod_log(pod, request.clone()).await.ok()?;
        Some(lines.boxed())
    })
    .await
}

async fn next(lines: &mut (impl Stream<Item = Result<LogLine, Error>> + Unpin)) -> Result<Option<LogLine>> {
    Ok(timeout(PATIENCE, lines.next()).await.context("no line came")?.transpose()?)
}

/// All lines up to the normal end.
async fn rest(mut lines: Lines) -> Result<Vec<LogLine>> {
    let mut all = Vec::new();
    while let Some(line) = next(&mut lines).await? {
        all.push(line);
    }
    Ok(all)
}

/// The texts, with a mark where the container restarted.
fn texts(lines: &[LogLine]) -> Vec<String> {
    lines.iter().map(|line| format!("{}{}", if line.restarted { "restarted: " } else { "" }, line.line)).collect()
}

/// What the nth instance to the third print, 40 lines each, from a line on.
fn printed(instance: usize, line: usize) -> Vec<String> {
    let all = (instance..=3).flat_map(|nth| (1..=40).map(move |line| (nth, line)));
    let wanted = all.filter(|found| *found >= (instance, line));
    wanted
        .map(|(nth, line)| {
            let mark = if line == 1 && nth > instance { "restarted: " } else { "" };
            format!("{mark}{nth} {line}")
        })
        .collect()
}

/// Prints 40 lines, many of them in one moment and the last without a newline, and fails. The third time it succeeds, and
/// takes long enough for others to open its log: the node keeps one instance before the current one, and none before the one
/// that has ended.
const RESTARTING: &str = "i=$(cat /kept/n 2>/dev/null || echo 0); i=$((i+1)); echo $i > /kept/n; n=0
    while [ $n -lt 39 ]; do n=$((n+1)); echo $i $n; [ $((n % 20)) -gt 0 ] || sleep 1; done
    printf \"$i 40\"; [ $i -eq 3 ] && sleep 30";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn following_goes_on_over_restarts_without_gap_or_double() -> Result<()> {
    let namespace = Namespace::create("log-restarts").await?;
    let clusters = clusters(kubeconfig()?).await?;
    let pod = create(&namespace, "restarting", "OnFailure", &[], &[shell("main", RESTARTING)]).await?;
    let mut followed = open(&clusters, &pod, following()).await;
    let mut lines = Vec::new();
    while lines.last().is_none_or(|last: &LogLine| last.line != "3 39") {
        lines.push(next(&mut followed).await?.context("the end")?);
    }
    let time_of = |text: &str| lines.iter().find(|line| line.line == text).and_then(|line| line.time).context("a time");
    let mut returned = Vec::new();
    for (instance, line) in [(2, 25), (2, 40), (3, 7)] {
        let since_time = Some(time_of(&format!("{instance} {line}"))?);
        returned.push((instance, line, open(&clusters, &pod, LogRequest { since_time, ..following() }).await));
    }
    lines.extend(rest(followed).await?);
    assert_eq!(texts(&lines), printed(1, 1));
    for (instance, line, followed) in returned {
        let found = texts(&rest(followed).await?);
        assert_eq!(found, printed(instance, line), "since line {line} of instance {instance}");
    }
    namespace.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_whose_connection_breaks_has_every_line_once() -> Result<()> {
    let namespace = Namespace::create("log-breaks").await?;
    let proxy = FaultProxy::open(server()?).await?;
    let path = std::env::temp_dir().join(format!("{}.kubeconfig", namespace.name));
    kubeconfig_by(proxy.address.port(), &path)?;
    let clusters = clusters(path.clone()).await?;
    let script = "n=0; while [ $n -lt 3000 ]; do n=$((n+1)); echo $n; [ $((n % 10)) -gt 0 ] || usleep 20000; done";
    let pod = create(&namespace, "steady", "Never", &[], &[shell("main", script)]).await?;
    let mut lines = open(&clusters, &pod, following()).await;
    let mut expected = 0;
    while let Some(line) = next(&mut lines).await? {
        expected += 1;
        assert_eq!((line.line, line.restarted), (expected.to_string(), false));
        if expected % 500 == 0 {
            proxy.break_once();
        }
    }
    assert_eq!(expected, 3_000);
    std::fs::remove_file(path)?;
    namespace.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn following_ends_when_the_pod_is_gone() -> Result<()> {
    let namespace = Namespace::create("log-gone").await?;
    let clusters = clusters(kubeconfig()?).await?;
    let pod = create(&namespace, "gone", "Always", &[], &[shell("main", "echo here; sleep 3600")]).await?;
    let mut lines = open(&clusters, &pod, following()).await;
    assert_eq!(next(&mut lines).await?.map(|line| line.line).as_deref(), Some("here"));
    pods(&namespace).delete("gone", &DeleteParams::default()).await?;
    assert_eq!(next(&mut lines).await?, None);
    namespace.drop().await;
    Ok(())
}

/// Several scripts and characters of one to four bytes, behind a text that moves them against the limit.
const LONG: &str = "
    head -c 65536 /dev/zero | tr '\\0' x; echo
    head -c 65537 /dev/zero | tr '\\0' x; echo
    printf a; i=0; while [ $i -lt 30000 ]; do i=$((i+1)); printf '\\346\\274\\242'; done; echo
    echo after";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_container_is_readable_and_only_too_long_lines_are_cut() -> Result<()> {
    let namespace = Namespace::create("log-long").await?;
    let clusters = clusters(kubeconfig()?).await?;
    let main = [shell("long", LONG), shell("other", "echo other")];
    let pod = create(&namespace, "several", "Never", &[shell("first", "echo first")], &main).await?;
    let of = |container: &str| LogRequest { container: Some(container.to_owned()), ..following() };

    let long = texts(&rest(open(&clusters, &pod, of("long")).await).await?);
    let [exact, longer, characters, after] = long.as_slice() else { anyhow::bail!("{} lines", long.len()) };
    assert_eq!((exact.len(), exact.contains("cut")), (65_536, false));
    assert_eq!(*longer, format!("{exact} … (cut)"));
    assert_eq!(*characters, format!("a{} … (cut)", "漢".repeat(65_535 / 3)));
    assert_eq!(after, "after");
    for (container, text) in [("first", "first"), ("other", "other")] {
        assert_eq!(texts(&rest(open(&clusters, &pod, of(container)).await).await?), [text]);
    }

    for (request, code, words) in [
        (following(), ErrorCode::Invalid, "name one of long, other, first"),
        (of("third"), ErrorCode::NotFound, "only long, other, first"),
    ] {
        let Err(Error::Refused(refusal)) = clusters.pod_log(&pod, request).await.map(|_| ()) else {
            anyhow::bail!("not refused")
        };
        assert_eq!((refusal.code, refusal.field.as_deref()), (code, Some("container")));
        assert!(refusal.message.ends_with(words), "{refusal}");
    }
    let late = Some(DateTime::<Utc>::from(std::time::SystemTime::now() + Duration::from_secs(3600)));
    let none = LogRequest { since_time: late, follow: false, ..of("long") };
    assert_eq!(rest(open(&clusters, &pod, none).await).await?, []);
    namespace.drop().await;
    Ok(())
}
