//! A client whose lists and watches are those of one namespace, for credentials that may see no more.

use http::{Request, Uri, uri::PathAndQuery};
use kube::{Client, client::Body};

/// A client that asks for the objects of one namespace where the caller asks for those of all.
pub(super) fn within(real: Client, namespace: String) -> Client {
    let answer = move |mut request: Request<Body>| {
        let bound = bound(request.uri(), &namespace);
        let real = real.clone();
        async move {
            if let Some(bound) = bound {
                *request.uri_mut() = bound;
            }
            real.send(request).await
        }
    };
    Client::new(tower::service_fn(answer), "default")
}

/// The same collection in one namespace. None for a path of something else.
fn bound(uri: &Uri, namespace: &str) -> Option<Uri> {
    let parts: Vec<&str> = uri.path().trim_matches('/').split('/').collect();
    let path = match parts[..] {
        ["api", version, plural] => format!("/api/{version}/namespaces/{namespace}/{plural}"),
        ["apis", group, version, plural] => format!("/apis/{group}/{version}/namespaces/{namespace}/{plural}"),
        _ => return None,
    };
    let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(format!("{path}{query}")).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_is_that_of_the_namespace_and_nothing_else_is_changed() {
        for (asked, found) in [
            ("/api/v1/pods?limit=5&watch=true", Some("/api/v1/namespaces/team/pods?limit=5&watch=true")),
            ("/apis/apps/v1/deployments", Some("/apis/apps/v1/namespaces/team/deployments")),
            ("/api/v1/namespaces/other/pods", None),
            ("/apis", None),
            ("/version", None),
        ] {
            let uri = asked.parse::<Uri>().expect("a path");
            assert_eq!(bound(&uri, "team").map(|uri| uri.to_string()).as_deref(), found, "{asked}");
        }
    }
}
