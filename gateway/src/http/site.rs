//! The address of the console: its public URL, the hosts that requests may name, and whether they came by TLS.

use super::{Web, json, observe::Observed};
use crate::{
    auth::cookie::RefreshCookie,
    graphql::engine::error::{body, code},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, Version, header, uri::Authority},
    middleware::Next,
    response::Response,
};
use std::net::IpAddr;
use url::{Host, Url};

const MALFORMED: &str = "a request names one host, in one Host header";
const NOT_PUBLIC: &str = "this is not the host of BINNACLE_PUBLIC_URL";
const NOT_LOCAL: &str = "this console listens on a loopback address and is known as localhost or by its address: \
    to use another name, set BINNACLE_PUBLIC_URL";

/// The address of the console.
#[derive(Debug)]
pub struct Site {
    public_url: Option<Url>,
    /// Whether only this machine can connect.
    is_local: bool,
}

impl Site {
    pub fn new(public_url: Option<Url>, listen: IpAddr) -> Self {
        Self { public_url, is_local: listen.is_loopback() }
    }

    /// The origin of the console's own pages, if it is configured.
    pub fn origin(&self) -> Option<String> {
        self.public_url.as_ref().map(|url| url.origin().ascii_serialization())
    }

    /// Whether cookies and pages of a request require TLS. A trusted proxy may have said that it came by TLS.
    pub fn is_secure(&self, came_by_tls: bool) -> bool {
        self.public_url.as_ref().map_or(!self.is_local || came_by_tls, |url| url.scheme() == "https")
    }

    /// The cookie for a request that is secure or not.
    pub fn cookie(&self, is_secure: bool) -> RefreshCookie {
        match (is_secure, &self.public_url) {
            (false, _) => RefreshCookie::Plain,
            (true, None) => RefreshCookie::Secure,
            (true, Some(_)) => RefreshCookie::HostOnly,
        }
    }

    /// Whether a request may name this host. Another site can point its own name at this machine and read the answers
    /// (DNS rebinding). It cannot do that with an IP address.
    fn check(&self, host: &Host, is_health: bool) -> Result<(), &'static str> {
        let is_address = !matches!(host, Host::Domain(_));
        match self.public_url.as_ref().and_then(Url::host) {
            _ if is_loopback(host) => Ok(()),
            // Kubernetes probes use the address of a pod.
            Some(_) if is_health && is_address => Ok(()),
            Some(public) if public.to_owned() == *host => Ok(()),
            Some(_) => Err(NOT_PUBLIC),
            None if self.is_local && !is_address => Err(NOT_LOCAL),
            None => Ok(()),
        }
    }
}

fn is_loopback(host: &Host) -> bool {
    match host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.to_canonical().is_loopback(),
    }
}

/// Accepts a request that names exactly one host of this console.
pub async fn check_host(State(web): State<Web>, request: Request, next: Next) -> Response {
    let is_health = super::HEALTH.contains(&request.uri().path());
    named(request, next, |host| web.site.check(host, is_health)).await
}

/// Accepts a request that names exactly one host, of any name.
pub async fn check_form(request: Request, next: Next) -> Response {
    named(request, next, |_| Ok(())).await
}

async fn named(mut request: Request, next: Next, check: impl FnOnce(&Host) -> Result<(), &'static str>) -> Response {
    let refused = match requested(request.version(), request.uri(), request.headers()) {
        Err(Malformed) => Some((StatusCode::BAD_REQUEST, MALFORMED)),
        Ok(None) => None,
        Ok(Some((authority, host))) => {
            // Later checks of the origin then find the host in one place, for every version of HTTP.
            if let Ok(value) = HeaderValue::from_str(authority.as_str()) {
                request.headers_mut().insert(header::HOST, value);
            }
            check(&host).err().map(|words| (StatusCode::MISDIRECTED_REQUEST, words))
        }
    };
    let Some((status, words)) = refused else { return next.run(request).await };
    let observed = request.extensions().get::<Observed>().cloned().unwrap_or_default();
    json(status, &body(code::BAD_INPUT, words, &observed.id))
}

/// The request names no host, several, or an unreadable one.
#[derive(Debug, PartialEq, Eq)]
struct Malformed;

/// The host that a request names. Only HTTP/1.0 may leave it out.
fn requested(version: Version, uri: &Uri, headers: &HeaderMap) -> Result<Option<(Authority, Host)>, Malformed> {
    let mut values = headers.get_all(header::HOST).iter();
    let header = values.next().map(|value| Authority::try_from(value.as_bytes()).map_err(|_| Malformed)).transpose()?;
    let is_missing = header.is_none() && version == Version::HTTP_11;
    let differs = header.as_ref().zip(uri.authority()).is_some_and(|(header, target)| header != target);
    if values.next().is_some() || is_missing || differs {
        return Err(Malformed);
    }
    match header.or_else(|| uri.authority().cloned()) {
        Some(authority) => host(&authority).map(|host| Some((authority, host))).ok_or(Malformed),
        None if version < Version::HTTP_11 => Ok(None),
        None => Err(Malformed),
    }
}

fn host(authority: &Authority) -> Option<Host> {
    let port = authority.as_str().strip_prefix(authority.host())?;
    let is_port = port.is_empty() || port == ":" || authority.port_u16().is_some();
    let name = authority.host().strip_suffix('.').unwrap_or(authority.host());
    if is_port { Host::parse(name).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::observe::came_by_tls;

    fn site(public_url: Option<&str>, listen: &str) -> Site {
        Site::new(public_url.map(|url| url.parse().expect("a URL")), listen.parse().expect("an address"))
    }

    fn is_served(site: &Site, host: &str, is_health: bool) -> bool {
        site.check(&Host::parse(host).expect("a host"), is_health).is_ok()
    }

    #[test]
    fn a_name_from_elsewhere_does_not_reach_a_local_console() {
        let local = site(None, "127.0.0.1");
        for own in ["localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "[::1]", "10.0.0.7"] {
            assert!(is_served(&local, own, false), "{own}");
        }
        for other in ["evil.example.org", "localhost.example.org", "127.0.0.1.nip.io"] {
            assert!(!is_served(&local, other, false), "{other}");
            assert!(is_served(&site(None, "0.0.0.0"), other, false), "{other}: its names are not known");
        }
    }

    #[test]
    fn a_console_with_a_public_url_is_known_by_its_host_alone() {
        let public = site(Some("https://console.example.org"), "0.0.0.0");
        for own in ["console.example.org", "CONSOLE.example.org", "localhost", "127.0.0.1"] {
            assert!(is_served(&public, own, false), "{own}");
        }
        for other in ["example.org", "a.console.example.org", "10.0.0.7"] {
            assert!(!is_served(&public, other, false), "{other}");
        }
        assert!(is_served(&public, "10.0.0.7", true) && !is_served(&public, "example.org", true));
    }

    #[test]
    fn tls_is_known_by_the_public_url_the_address_or_a_proxy() {
        let cookie = |public_url, listen, came_by_tls| {
            let site = site(public_url, listen);
            site.cookie(site.is_secure(came_by_tls))
        };
        let (https, http) = (Some("https://console.example.org"), Some("http://console.example.org"));
        assert_eq!(cookie(https, "127.0.0.1", false), RefreshCookie::HostOnly);
        assert_eq!(cookie(http, "0.0.0.0", true), RefreshCookie::Plain);
        assert_eq!(cookie(None, "0.0.0.0", false), RefreshCookie::Secure);
        assert_eq!(cookie(None, "127.0.0.1", true), RefreshCookie::Secure);
        assert_eq!(cookie(None, "127.0.0.1", false), RefreshCookie::Plain);
    }

    #[test]
    fn a_request_names_one_host() {
        let host_of = |version, uri: &'static str, hosts: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, HeaderValue::from_static(host));
            }
            requested(version, &Uri::from_static(uri), &headers).map(|named| named.map(|(_, host)| host.to_string()))
        };
        let found = |host: &str| Ok(Some(host.to_owned()));
        assert_eq!(host_of(Version::HTTP_11, "/", &["A.b:8080"]), found("a.b"));
        assert_eq!(host_of(Version::HTTP_11, "/", &["[::1]:80"]), found("[::1]"));
        assert_eq!(host_of(Version::HTTP_11, "http://a.b/", &["a.b"]), found("a.b"));
        assert_eq!(host_of(Version::HTTP_2, "http://a.b/", &[]), found("a.b"));
        assert_eq!(host_of(Version::HTTP_10, "/", &[]), Ok(None));
        for wrong in
            [&[] as &[&'static str], &["a", "a"], &["a", "b"], &[""], &["u@a"], &["a:x"], &["a:99999"], &["a b"]]
        {
            assert_eq!(host_of(Version::HTTP_11, "/", wrong), Err(Malformed), "{wrong:?}");
        }
        assert_eq!(host_of(Version::HTTP_11, "http://a/", &["b"]), Err(Malformed));
        assert_eq!(host_of(Version::HTTP_2, "/", &[]), Err(Malformed));
    }

    #[test]
    fn the_last_proxy_says_how_the_client_came() {
        let said = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-forwarded-proto", HeaderValue::from_static(value));
            }
            came_by_tls(&headers)
        };
        assert!(said(&["https"]) && said(&["http, HTTPS"]) && said(&["http", "https"]));
        assert!(!said(&[]) && !said(&["http"]) && !said(&["https, http"]));
    }
}
