use super::{connections::Limits, *};
use axum::{
    body::{Body, to_bytes},
    http::StatusCode,
    routing::{get, post},
};
use bytes::Bytes;
use prometheus::Opts;
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Semaphore,
    task::JoinHandle,
    time::{Instant, timeout},
};

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
const HALF_A_HEAD: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\nx-half: ";
const HALF_A_BODY: &[u8] = b"POST /length HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nhalf";
/// More than the kernel takes for a client that does not read.
const BIG: usize = 64 << 20;

/// A server on a port of its own. The clock stands still until everybody waits, and then goes to the next time-out.
struct Running {
    address: SocketAddr,
    counters: Counters,
    stopping: CancellationToken,
    task: JoinHandle<io::Result<()>>,
    /// Lets one request to `/work` end.
    done: Arc<Semaphore>,
}

async fn length(body: Body) -> (StatusCode, String) {
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => (StatusCode::OK, bytes.len().to_string()),
        Err(error) => {
            let is_slow = body::is_too_slow(&error);
            (if is_slow { StatusCode::REQUEST_TIMEOUT } else { StatusCode::BAD_REQUEST }, String::new())
        }
    }
}

async fn start(total: usize, per_address: usize) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (done, stopping) = (Arc::new(Semaphore::new(0)), CancellationToken::new());
    let work = {
        let done = Arc::clone(&done);
        move || async move { done.acquire().await.expect("never closed").forget() }
    };
    let counters = Counters {
        open: IntGauge::new("open", "for this test").expect("a gauge"),
        closed: IntCounterVec::new(Opts::new("closed", "for this test"), &["reason"]).expect("counters"),
    };
    let server = Server {
        router: Router::new()
            .route("/", get(|| async { "hello" }))
            .route("/length", post(length))
            .route("/big", get(|| async { Bytes::from(vec![0; BIG]) }))
            .route("/work", get(work)),
        spare_router: Router::new()
            .route("/livez", get(|| async { "alive" }))
            .fallback(|| async { StatusCode::SERVICE_UNAVAILABLE }),
        limits: Limits { total, per_address, trusted_proxies: [].into() },
        times: Times::default(),
        counters: counters.clone(),
    };
    let task = tokio::spawn(server.run(listener, stopping.clone()));
    Running { address, counters, stopping, task, done }
}

impl Running {
    async fn connect(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("a connection");
        stream.write_all(bytes).await.expect("to write");
        stream
    }

    /// The status line of the answer to a request on a connection of its own.
    async fn ask(&self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        let mut answer = String::new();
        let mut stream = self.connect(request.as_bytes()).await;
        stream.read_to_string(&mut answer).await.expect("an answer");
        answer.lines().next().unwrap_or_default().to_owned()
    }

    fn closed(&self, why: &str) -> u64 {
        self.counters.closed.with_label_values(&[why]).get()
    }
}

/// What comes until the server closes, and how long that took.
async fn until_closed(stream: &mut TcpStream) -> (Vec<u8>, Duration) {
    let (begun, mut bytes) = (Instant::now(), Vec::new());
    // A reset is an end too.
    let _ = timeout(Duration::from_secs(3600), stream.read_to_end(&mut bytes)).await.expect("it is closed");
    (bytes, begun.elapsed())
}

async fn seconds_until_closed(stream: &mut TcpStream) -> u64 {
    until_closed(stream).await.1.as_secs()
}

/// Reads one answer, whose body is `hello`.
async fn hello(stream: &mut TcpStream) {
    let mut answer = Vec::new();
    while !answer.ends_with(b"hello") {
        assert_ne!(stream.read_buf(&mut answer).await.expect("an answer"), 0, "closed");
    }
}

fn seconds(range: std::ops::Range<u64>, found: u64) {
    assert!(range.contains(&found), "closed after {found} s");
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_a_whole_head_closes_after_ten_seconds() {
    let server = start(10, 10).await;
    for bytes in [b"".as_slice(), b"P", b"GET", HALF_A_HEAD] {
        let mut stream = server.connect(bytes).await;
        seconds(10..13, seconds_until_closed(&mut stream).await);
    }
    assert_eq!((server.closed("idle"), server.counters.open.get()), (4, 0));
}

#[tokio::test(start_paused = true)]
async fn a_head_that_comes_a_byte_a_second_is_closed_after_ten_seconds() {
    let server = start(10, 10).await;
    let (mut stream, begun) = (server.connect(HALF_A_HEAD).await, Instant::now());
    while stream.write_all(b"x").await.is_ok() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    seconds(10..15, begun.elapsed().as_secs());
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_after_75_seconds_and_not_before() {
    let server = start(10, 10).await;
    let mut stream = server.connect(GET).await;
    hello(&mut stream).await;
    tokio::time::sleep(Duration::from_secs(70)).await;
    stream.write_all(GET).await.expect("still open");
    hello(&mut stream).await;
    seconds(75..78, seconds_until_closed(&mut stream).await);
}

#[tokio::test(start_paused = true)]
async fn half_a_body_is_answered_408_after_ten_seconds() {
    let server = start(10, 10).await;
    let mut stream = server.connect(HALF_A_BODY).await;
    let (answer, after) = until_closed(&mut stream).await;
    assert!(answer.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer));
    seconds(10..13, after.as_secs());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_comes_a_byte_at_a_time_is_answered_408_after_a_minute() {
    let server = start(10, 10).await;
    let (mut stream, begun) = (server.connect(HALF_A_BODY).await, Instant::now());
    let mut answer = [0; 12];
    let read = loop {
        stream.write_all(b"x").await.expect("still open");
        if let Ok(read) = timeout(Duration::from_secs(9), stream.read(&mut answer)).await {
            break read.expect("an answer");
        }
    };
    assert_eq!(&answer[..read], b"HTTP/1.1 408");
    seconds(60..62, begun.elapsed().as_secs());
}

/// Frames of HTTP/2: type, flags, stream and payload.
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("a short payload");
    [&[0, 0, length, kind, flags, 0, 0, 0, stream], payload].concat()
}

#[tokio::test(start_paused = true)]
async fn idle_http2_is_closed_however_often_it_pings() {
    let server = start(10, 10).await;
    let preface = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(), &frame(4, 0, 0, &[])].concat();
    // GET http://a/ by the static table of HPACK.
    let request = frame(1, 0x5, 1, &[0x82, 0x86, 0x84, 0x01, 0x01, b'a']);
    for (bytes, range) in [(preface.clone(), 10..15), ([preface, request].concat(), 75..80)] {
        let (stream, begun) = (server.connect(&bytes).await, Instant::now());
        let (mut reader, mut writer) = stream.into_split();
        let pings = tokio::spawn(async move {
            while writer.write_all(&frame(6, 0, 0, &[0; 8])).await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
        let _ = reader.read_to_end(&mut Vec::new()).await;
        seconds(range, begun.elapsed().as_secs());
        pings.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_its_answer_is_closed() {
    let server = start(10, 10).await;
    let mut stream = server.connect(b"GET /big HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let until_idle = async {
        while server.closed("idle") == 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    timeout(Duration::from_secs(3600), until_idle).await.expect("it is closed");
    let (answer, _) = until_closed(&mut stream).await;
    assert!(answer.len() < BIG, "all of it came");
}

#[tokio::test(start_paused = true)]
async fn work_that_takes_long_is_not_cut() {
    let server = start(10, 10).await;
    let mut stream = server.connect(b"GET /work HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    tokio::time::sleep(Duration::from_secs(500)).await;
    server.done.add_permits(1);
    let (answer, _) = until_closed(&mut stream).await;
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test(start_paused = true)]
async fn half_requests_give_way_to_whole_ones() {
    for half in [b"".as_slice(), HALF_A_HEAD, HALF_A_BODY] {
        let server = start(10, 10).await;
        let mut attack = Vec::new();
        for _ in 0..40 {
            attack.push(server.connect(half).await);
            assert!(server.counters.open.get() <= 10, "{} are open", server.counters.open.get());
        }
        let begun = Instant::now();
        assert_eq!(server.ask("/").await, "HTTP/1.1 200 OK");
        assert!(begun.elapsed() < Duration::from_secs(1), "after {:?}", begun.elapsed());
        assert_eq!(server.closed("gave_way"), 31);
    }
}

#[tokio::test(start_paused = true)]
async fn when_all_places_work_health_is_answered_and_the_rest_refused() {
    let server = start(10, 10).await;
    let mut busy = Vec::new();
    for _ in 0..10 {
        busy.push(server.connect(b"GET /work HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(server.ask("/livez").await, "HTTP/1.1 200 OK");
    assert_eq!(server.ask("/").await, "HTTP/1.1 503 Service Unavailable");
    server.done.add_permits(10);
    for stream in &mut busy {
        assert!(until_closed(stream).await.0.starts_with(b"HTTP/1.1 200"));
    }
    assert_eq!(server.ask("/").await, "HTTP/1.1 200 OK");
}

#[tokio::test(start_paused = true)]
async fn a_stop_finishes_work_and_closes_idle_connections() {
    let server = start(10, 10).await;
    let mut working = server.connect(b"GET /work HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let _half = server.connect(HALF_A_HEAD).await;
    let mut idle = server.connect(GET).await;
    hello(&mut idle).await;
    server.stopping.cancel();
    seconds(0..3, seconds_until_closed(&mut idle).await);
    server.done.add_permits(1);
    assert!(until_closed(&mut working).await.0.starts_with(b"HTTP/1.1 200"));
    let begun = Instant::now();
    assert!(server.task.await.is_ok_and(|outcome| outcome.is_ok()));
    seconds(0..3, begun.elapsed().as_secs());
}

fn connections(total: usize, per_address: usize, proxy: &str) -> Connections {
    let proxies = [proxy.parse().expect("an address")].into();
    let gauge = IntGauge::new("open", "for this test").expect("a gauge");
    Connections::new(Limits { total, per_address, trusted_proxies: proxies }, gauge)
}

/// A place that the server works for, so that it does not give way.
async fn busy(connections: &Connections, peer: &str) -> Option<activity::Work<Slot>> {
    connections.admit(peer.parse().expect("an address")).await.map(activity::Work::begin)
}

#[tokio::test(start_paused = true)]
async fn one_ipv6_network_is_one_address_and_ipv4_within_ipv6_is_ipv4() {
    let open = connections(10, 1, "10.0.0.1");
    let mut places = Vec::new();
    for (peer, is_admitted) in [
        ("2001:db8:0:1::1", true),
        ("2001:db8:0:1:ffff::2", false),
        ("2001:db8:0:2::1", true),
        ("192.0.2.1", true),
        ("::ffff:192.0.2.1", false),
        ("::ffff:192.0.2.2", true),
    ] {
        let place = busy(&open, peer).await;
        assert_eq!(place.is_some(), is_admitted, "{peer}");
        places.push(place);
    }
}

#[tokio::test(start_paused = true)]
async fn a_trusted_proxy_is_bounded_by_the_total_only() {
    let open = connections(5, 2, "10.0.0.1");
    let mut places = Vec::new();
    for nth in 0..6 {
        let place = busy(&open, "10.0.0.1").await;
        assert_eq!(place.is_some(), nth < 5, "connection {nth}");
        places.push(place);
    }
    places.clear();
    assert!(busy(&open, "10.0.0.1").await.is_some(), "a place is free when its connection has gone");
}

#[tokio::test(start_paused = true)]
async fn an_address_at_its_limit_replaces_only_its_own_connections() {
    let open = connections(10, 2, "10.0.0.1");
    let peer = |text: &str| text.parse().expect("an address");
    let other = open.admit(peer("192.0.2.9")).await.expect("a place");
    tokio::time::advance(Duration::from_secs(1)).await;
    let first = open.admit(peer("192.0.2.1")).await.expect("a place");
    let _second = busy(&open, "192.0.2.1").await.expect("a place");
    let left = tokio::spawn(async move { first.gives_way().await });
    assert!(open.admit(peer("192.0.2.1")).await.is_some());
    left.await.expect("the idle one of this address left");
    assert!(timeout(Duration::from_secs(1), other.gives_way()).await.is_err(), "the other address stays");
}
