//! What a cluster is reached with, as people give it: a kubeconfig, a token, or the service account of this pod.
//!
//! Promises that nothing of it runs a program, reads a file, trusts a server unseen or goes another way than it says: each of
//! these is refused by its own code. No refusal quotes a value of the credential.

use super::client;
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::core::{
    message::{Code, Message},
    refusal::{ErrorCode, Refusal},
};
use http::Uri;
use kube::{
    Client, Config,
    config::{AuthInfo, Cluster, Context, KubeConfigOptions, Kubeconfig, NamedAuthInfo, NamedCluster, NamedContext},
};
use serde::{Deserialize, Serialize};

/// Bytes of a kubeconfig.
const MOST: usize = 128 << 10;
/// Bytes of a token.
const LONGEST_TOKEN: usize = 16 << 10;
const BEGINNING: &str = "-----BEGIN CERTIFICATE-----";

/// What a person gave. Has no `Debug`, because it holds secrets.
#[derive(Clone)]
pub enum Given {
    Kubeconfig(String),
    Token {
        server: String,
        certificate_authority: String,
        token: String,
    },
    /// The service account of the pod that Binnacle runs in.
    InCluster,
}

/// A credential that may be used, with nothing in it that is not needed. Its stored form holds secrets.
#[derive(Clone, Serialize, Deserialize)]
pub struct Credential {
    /// None: the service account of this pod.
    kubeconfig: Option<Kubeconfig>,
}

impl Credential {
    /// Reads what was given, or says why it is not taken.
    pub fn read(given: &Given) -> Result<Self, Refusal> {
        let (cluster, user) = match given {
            Given::InCluster => return Ok(Self { kubeconfig: None }),
            Given::Kubeconfig(text) => current(text)?,
            Given::Token { server, certificate_authority, token } => of_token(server, certificate_authority, token)?,
        };
        let field = match given {
            Given::Token { .. } => "token",
            Given::Kubeconfig(_) | Given::InCluster => "kubeconfig",
        };
        let reason = wrong_cluster(&cluster).or_else(|| wrong_user(&user));
        reason
            .map_or_else(|| Ok(Self { kubeconfig: Some(needed(cluster, user)) }), |reason| Err(refused(field, reason)))
    }

    /// The address of the API server. None for the cluster that Binnacle runs in.
    pub fn server(&self) -> Option<&str> {
        self.kubeconfig.as_ref()?.clusters.first()?.cluster.as_ref()?.server.as_deref()
    }

    /// A client. Makes no call.
    pub async fn client(&self) -> Result<Client, Refusal> {
        let unusable = || refused("kubeconfig", Code::CredentialUnusable.message([]));
        client::limited(self.config().await?).map_err(|_| unusable())
    }

    /// The address that is called.
    pub(super) async fn address(&self) -> Result<Uri, Refusal> {
        Ok(self.config().await?.cluster_url)
    }

    async fn config(&self) -> Result<Config, Refusal> {
        let Some(kubeconfig) = &self.kubeconfig else {
            return Config::incluster().map_err(|_| refused("inCluster", Code::NotInCluster.message([])));
        };
        let unusable = |_| refused("kubeconfig", Code::CredentialUnusable.message([]));
        Config::from_custom_kubeconfig(kubeconfig.clone(), &KubeConfigOptions::default()).await.map_err(unusable)
    }
}

fn refused(field: &str, reason: Message) -> Refusal {
    Refusal::because(ErrorCode::Invalid, field, reason)
}

/// Cluster and user of the current context. Others are not read.
fn current(text: &str) -> Result<(Cluster, AuthInfo), Refusal> {
    let refused = |reason| refused("kubeconfig", reason);
    if text.len() > MOST {
        return Err(refused(Code::KubeconfigTooLarge.message([("most", MOST.into())])));
    }
    // The words of the parser quote the text.
    let config = Kubeconfig::from_yaml(text).map_err(|_| refused(Code::KubeconfigUnreadable.message([])))?;
    let name = config.current_context.unwrap_or_default();
    let missing = || refused(Code::KubeconfigNoContext.message([("context", shown(&name).into())]));
    let context = config.contexts.into_iter().find(|context| context.name == name).and_then(|named| named.context);
    let Context { cluster, user, .. } = context.ok_or_else(missing)?;
    let cluster = config.clusters.into_iter().find(|named| named.name == cluster).and_then(|named| named.cluster);
    let user = config.auth_infos.into_iter().find(|named| Some(&named.name) == user.as_ref());
    let user = user.and_then(|named| {
        // The name is that of the user in the messages.
        let mut user = named.auth_info?;
        user.other.insert(NAME.to_owned(), shown(&named.name).into());
        Some(user)
    });
    cluster.zip(user).ok_or_else(missing)
}

/// Where the name of the user stands while it is judged.
const NAME: &str = "name";

/// A name of a kubeconfig, for a message.
fn shown(name: &str) -> String {
    name.chars().take(80).collect()
}

fn of_token(server: &str, authority: &str, token: &str) -> Result<(Cluster, AuthInfo), Refusal> {
    let token = token.trim();
    let is_token =
        !token.is_empty() && token.len() <= LONGEST_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_token {
        return Err(refused("token.token", Code::KubeconfigNoCredential.message([])));
    }
    let is_pem = authority.contains(BEGINNING);
    let authority = if is_pem { BASE64_STANDARD.encode(authority.trim()) } else { authority.trim().to_owned() };
    let cluster = Cluster {
        server: Some(server.trim().to_owned()),
        certificate_authority_data: Some(authority),
        ..Cluster::default()
    };
    if !has_authority(&cluster) {
        return Err(refused("token.certificateAuthority", Code::AuthorityUnreadable.message([])));
    }
    Ok((cluster, AuthInfo { token: Some(token.to_owned().into()), ..AuthInfo::default() }))
}

fn is_given(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

fn file(name: &'static str) -> Message {
    Code::KubeconfigFile.message([("name", name.into())])
}

/// What is wrong with the address and what it is trusted by.
fn wrong_cluster(cluster: &Cluster) -> Option<Message> {
    if cluster.insecure_skip_tls_verify == Some(true) {
        return Some(Code::KubeconfigInsecure.message([]));
    }
    if is_given(cluster.certificate_authority.as_ref()) {
        return Some(file("certificate-authority"));
    }
    if is_given(cluster.proxy_url.as_ref()) {
        return Some(Code::KubeconfigProxy.message([]));
    }
    wrong_address(cluster.server.as_deref().unwrap_or_default()).or_else(|| {
        let is_wrong = is_given(cluster.certificate_authority_data.as_ref()) && !has_authority(cluster);
        is_wrong.then(|| Code::AuthorityUnreadable.message([]))
    })
}

fn wrong_address(server: &str) -> Option<Message> {
    let Ok(address) = server.parse::<Uri>() else { return Some(Code::AddressInvalid.message([])) };
    let authority = address.authority().map_or("", |authority| authority.as_str());
    match address.scheme_str() {
        Some("http") => Some(Code::AddressNotHttps.message([])),
        Some("https") if !authority.is_empty() && !authority.contains('@') && address.query().is_none() => None,
        _ => Some(Code::AddressInvalid.message([])),
    }
}

/// Whether it holds a certificate authority in PEM.
fn has_authority(cluster: &Cluster) -> bool {
    let data = cluster.certificate_authority_data.as_deref().unwrap_or_default();
    let decoded = BASE64_STANDARD.decode(data.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.is_some_and(|text| text.contains(BEGINNING))
}

/// What is wrong with how the user signs in.
fn wrong_user(user: &AuthInfo) -> Option<Message> {
    if user.exec.is_some() {
        let name = user.other.get(NAME).cloned().unwrap_or_default();
        return Some(Code::KubeconfigExec.message([("user", name)]));
    }
    if let Some(provider) = &user.auth_provider {
        return Some(Code::KubeconfigAuthProvider.message([("provider", shown(&provider.name).into())]));
    }
    let files = [
        ("tokenFile", &user.token_file),
        ("client-certificate", &user.client_certificate),
        ("client-key", &user.client_key),
    ];
    if let Some((name, _)) = files.into_iter().find(|(_, path)| is_given(path.as_ref())) {
        return Some(file(name));
    }
    if is_given(user.username.as_ref()) || user.password.is_some() {
        return Some(Code::KubeconfigPassword.message([]));
    }
    let is_somebody_else = is_given(user.impersonate.as_ref())
        || user.impersonate_uid.is_some()
        || user.impersonate_groups.is_some()
        || user.impersonate_user_extra.is_some();
    if is_somebody_else {
        return Some(Code::KubeconfigImpersonation.message([]));
    }
    let has_certificate = is_given(user.client_certificate_data.as_ref()) && user.client_key_data.is_some();
    let has_credential = user.token.is_some() || has_certificate;
    (!has_credential).then(|| Code::KubeconfigNoCredential.message([]))
}

/// A kubeconfig with what is used of cluster and user, and nothing else.
fn needed(cluster: Cluster, user: AuthInfo) -> Kubeconfig {
    const ONE: &str = "binnacle";
    let cluster = Cluster {
        server: cluster.server,
        certificate_authority_data: cluster.certificate_authority_data,
        tls_server_name: cluster.tls_server_name,
        ..Cluster::default()
    };
    let user = AuthInfo {
        token: user.token,
        client_certificate_data: user.client_certificate_data,
        client_key_data: user.client_key_data,
        ..AuthInfo::default()
    };
    let context = Context { cluster: ONE.to_owned(), user: Some(ONE.to_owned()), ..Context::default() };
    let name = || ONE.to_owned();
    Kubeconfig {
        clusters: vec![NamedCluster { name: name(), cluster: Some(cluster), ..NamedCluster::default() }],
        auth_infos: vec![NamedAuthInfo { name: name(), auth_info: Some(user), ..NamedAuthInfo::default() }],
        contexts: vec![NamedContext { name: name(), context: Some(context), ..NamedContext::default() }],
        current_context: Some(name()),
        ..Kubeconfig::default()
    }
}

#[cfg(test)]
mod tests;
