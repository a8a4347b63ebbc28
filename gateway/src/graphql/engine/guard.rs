//! The guard: every document passes here. Only a short list of fields is public, so that a new field needs a viewer by
//! default. Limits are checked before validation, and errors get their codes on the way out.

use super::{
    error::{ApiError, TOO_SLOW, code, finish, refused},
    limits,
    rows::{self, AsText},
    values,
};
use crate::{
    graphql::{
        context::{RequestInfo, Services},
        schema::{Schema, registry},
    },
    heavy,
};
use async_graphql::{
    Name, Request, Response,
    parser::{
        self, parse_query,
        types::{ExecutableDocument, OperationDefinition, OperationType},
    },
};
use commands::log::AppendError;
use futures::{FutureExt, StreamExt, stream, stream::BoxStream};
use std::{sync::Arc, time::Duration};

/// The fields that need no viewer. Such a field must be the only one in its document, so that one request is one
/// attempt.
const PUBLIC: [&str; 3] = ["login", "refreshSession", "logout"];

/// Queries that are sent by POST only, because their input may hold secrets, and an address is written to many logs.
const POSTED: [&str; 3] = ["workloadPreview", "manifestPreview", "clusterCheck"];

/// How a document arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Only for queries, because a link can cause a GET.
    Get,
    Post,
    Socket,
}

/// The time limit of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AnswerTime {
    /// Queries, and sign-in with its slow password hash.
    Anything,
    /// Mutations, this many, one after the other. Their callers must soon know whether to retry.
    Commands(usize),
}

impl AnswerTime {
    const fn limit(self) -> Duration {
        Duration::from_secs(match self {
            Self::Anything => 30,
            Self::Commands(count) => 2 * count as u64,
        })
    }

    fn late(self) -> ApiError {
        match self {
            Self::Anything => ApiError::new(code::TIMED_OUT, TOO_SLOW),
            Self::Commands(_) => commands::Error::from(AppendError::Unknown).into(),
        }
    }
}

/// The schema behind its guard. Cheap to clone.
#[derive(Clone)]
pub struct GuardedSchema {
    schema: Schema,
    services: Arc<Services>,
}

impl GuardedSchema {
    pub fn new(schema: Schema, services: Arc<Services>) -> Self {
        Self { schema, services }
    }

    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// Answers a query or a mutation over HTTP. Only [`rows::to_json`] may serialise the answer.
    pub async fn answer(&self, request: Request, info: RequestInfo, transport: Transport) -> Response {
        let id = info.id.clone();
        let mut response = match admitted(request, info.viewer.is_some(), transport).await {
            Err(error) => refused(error),
            Ok((request, answer_time)) => {
                let turns = self.services.reads.turns(info.viewer.as_ref());
                self.execute_in_time(as_text(request).data(info).data(turns), answer_time).await
            }
        };
        finish(&mut response, &self.services.projections, &id);
        response
    }

    /// Runs a document over a socket: one answer of a query or a mutation, every change of a subscription.
    pub fn stream(&self, request: Request, info: RequestInfo) -> BoxStream<'static, Response> {
        let (guarded, services, id) = (self.clone(), Arc::clone(&self.services), info.id.clone());
        let responses = async move {
            match admitted(request, info.viewer.is_some(), Transport::Socket).await {
                Err(error) => stream::once(async { refused(error) }).boxed(),
                Ok((request, _)) => {
                    let turns = guarded.services.reads.turns(info.viewer.as_ref());
                    guarded.schema.execute_stream(without_spare(request).data(info).data(turns))
                }
            }
        };
        let finished = responses.boxed().flatten_stream().map(move |mut response| {
            finish(&mut response, &services.projections, &id);
            response
        });
        finished.boxed()
    }

    async fn execute_in_time(&self, request: Request, answer_time: AnswerTime) -> Response {
        let answer = tokio::time::timeout(answer_time.limit(), self.schema.execute(request));
        answer.await.unwrap_or_else(|_| refused(answer_time.late()))
    }
}

/// The same request. Its lists are written as text if nothing has to be merged with them.
fn as_text(mut request: Request) -> Request {
    let wanted = request.operation_name.clone();
    let is_distinct = request.parsed_query().is_ok_and(|document| {
        chosen(document, wanted.as_deref())
            .is_ok_and(|operation| rows::distinct(document, &operation.selection_set.node))
    });
    if is_distinct { request.data(AsText) } else { request }
}

/// The same request for a stream, which keeps its document while it runs. The parser's lists have spare capacity; a
/// copy has none.
fn without_spare(mut request: Request) -> Request {
    if let Some(document) = request.parsed_query().ok().cloned() {
        request.set_parsed_query(document);
    }
    request
}

/// Checks whether the document may be executed, with or without a viewer. A long document is parsed off the threads
/// that answer requests.
async fn admitted(
    mut request: Request,
    is_signed_in: bool,
    transport: Transport,
) -> Result<(Request, AnswerTime), ApiError> {
    if !is_signed_in && request.query.len() > limits::PUBLIC_DOCUMENT {
        return Err(ApiError::unauthenticated());
    }
    let is_short = request.query.len() <= limits::PUBLIC_DOCUMENT;
    let look = move || admit(&mut request, is_signed_in, transport).map(|answer_time| (request, answer_time));
    if is_short {
        return look();
    }
    heavy::run(look).await.unwrap_or_else(|| Err(ApiError::new(code::INTERNAL, "the document could not be read")))
}

fn admit(request: &mut Request, is_signed_in: bool, transport: Transport) -> Result<AnswerTime, ApiError> {
    limits::check_text(&request.query)?;
    let document = parse_query(&request.query).map_err(unreadable)?;
    let operation = chosen(&document, request.operation_name.as_deref())?;
    let roots = limits::check(&document, operation, &request.variables)?;
    values::check(registry(), &document, operation, &request.variables)?;
    let answer_time = admit_roots(&roots, operation.ty, is_signed_in, transport)?;
    request.set_parsed_query(document);
    Ok(answer_time)
}

/// The parser's message quotes the line that it cannot read. This message gives only the position.
fn unreadable(error: parser::Error) -> ApiError {
    let parser::Error::Syntax { message, start, .. } = error else {
        return ApiError::new(code::BAD_INPUT, error.to_string());
    };
    let expected = message.rsplit("= ").next().unwrap_or_default();
    ApiError::new(code::BAD_INPUT, format!("line {}, column {}: {expected}", start.line, start.column))
}

fn chosen<'a>(document: &'a ExecutableDocument, wanted: Option<&str>) -> Result<&'a OperationDefinition, ApiError> {
    let unknown = || ApiError::new(code::BAD_INPUT, "name one operation of the document as operationName");
    let mut operations = document.operations.iter();
    match wanted {
        Some(wanted) => {
            operations.find(|(name, _)| name.is_some_and(|name| name == wanted)).map(|(_, found)| &found.node)
        }
        None => operations.next().filter(|_| operations.next().is_none()).map(|(_, only)| &only.node),
    }
    .ok_or_else(unknown)
}

fn admit_roots(
    roots: &[Name],
    kind: OperationType,
    is_signed_in: bool,
    transport: Transport,
) -> Result<AnswerTime, ApiError> {
    let bad_input = |words| Err(ApiError::new(code::BAD_INPUT, words));
    let is_public = kind == OperationType::Mutation && roots.iter().any(is_public);
    let is_empty = roots.iter().all(|name| name == "__typename");
    match (kind, transport) {
        (OperationType::Subscription, Transport::Get | Transport::Post) => {
            bad_input("subscriptions are served on the socket at /graphql/ws")
        }
        (OperationType::Mutation, Transport::Get) => {
            Err(ApiError::new(code::WRONG_METHOD, "a mutation is sent by POST: a GET only reads"))
        }
        (OperationType::Query, Transport::Get) if roots.iter().any(|name| POSTED.contains(&name.as_str())) => {
            Err(ApiError::new(code::WRONG_METHOD, "this is sent by POST: its input may hold secrets"))
        }
        (OperationType::Subscription, Transport::Socket) if roots.len() != 1 => {
            bad_input("a subscription has exactly one field")
        }
        (_, Transport::Socket) if is_public => bad_input("sign in and out at POST /graphql"),
        _ if is_public && roots.len() > 1 => bad_input("signing in or out is the only field of its document"),
        _ if !is_public && !is_empty && !is_signed_in => Err(ApiError::unauthenticated()),
        (OperationType::Mutation, _) if !is_public => Ok(AnswerTime::Commands(roots.len())),
        _ => Ok(AnswerTime::Anything),
    }
}

/// Whether the field of a mutation is public.
fn is_public(name: &Name) -> bool {
    PUBLIC.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(document: &str, is_signed_in: bool, transport: Transport) -> Result<(), &'static str> {
        admit(&mut Request::new(document), is_signed_in, transport).map(drop).map_err(|error| error.code)
    }

    #[test]
    fn a_command_is_answered_sooner_than_a_question_or_a_sign_in() {
        let answer_time = |document: &str| {
            admit(&mut Request::new(document), true, Transport::Post).map(AnswerTime::limit).expect(document)
        };
        let soon = answer_time("mutation { restartWorkload }");
        assert!(soon < answer_time("{ viewer { id } }") && soon < answer_time("mutation { login }"), "{soon:?}");
    }

    #[test]
    fn what_is_not_public_needs_a_viewer() {
        let closed = [
            "{ viewer { id } }",
            "{ forgotten }",
            "{ __schema { types { name } } }",
            "{ login }",
            "mutation { createWorkload }",
            "query { ...F } fragment F on Query { server { version } }",
        ];
        for document in closed {
            assert_eq!(outcome(document, false, Transport::Post), Err("UNAUTHENTICATED"), "{document}");
            assert_eq!(outcome(document, true, Transport::Post), Ok(()), "{document}");
        }
        for open in ["mutation { logout }", "mutation { refreshSession { __typename } }", "{ __typename }"] {
            assert_eq!(outcome(open, false, Transport::Post), Ok(()), "{open}");
        }
    }

    #[tokio::test]
    async fn a_long_document_is_refused_unread_without_a_viewer() {
        let document = format!("mutation {{ login }} # {}", "{".repeat(limits::PUBLIC_DOCUMENT));
        let outcome = async |is_signed_in| {
            let outcome = admitted(Request::new(&document), is_signed_in, Transport::Post).await;
            outcome.map(drop).map_err(|error| error.code)
        };
        assert_eq!(outcome(false).await, Err("UNAUTHENTICATED"));
        assert_eq!(outcome(true).await, Err("TOO_COMPLEX"));
    }

    #[test]
    fn a_document_that_cannot_be_read_is_not_repeated() {
        let error = parse_query("{ viewer(name: \"secret\") { id ").expect_err("no end");
        let words = unreadable(error).message;
        assert!(words.starts_with("line 1, column 31: expected ") && !words.contains("secret"), "{words}");
    }

    #[test]
    fn signing_in_is_alone_in_its_document() {
        let many: String = (0..20).map(|i| format!("a{i}: login(input: {{}}) {{ __typename }} ")).collect();
        let fragment = "mutation { ...A login } fragment A on Mutation { a: login }";
        for document in [format!("mutation {{ {many} }}"), fragment.to_owned(), "mutation { login logout }".to_owned()]
        {
            for is_signed_in in [true, false] {
                assert_eq!(outcome(&document, is_signed_in, Transport::Post), Err("BAD_INPUT"), "{document}");
            }
        }
        assert_eq!(outcome("mutation { login }", true, Transport::Socket), Err("BAD_INPUT"));
    }

    #[test]
    fn each_transport_serves_its_own_kind() {
        for transport in [Transport::Get, Transport::Post] {
            assert_eq!(outcome("subscription { podLog }", true, transport), Err("BAD_INPUT"));
        }
        assert_eq!(outcome("{ viewer { id } }", true, Transport::Get), Ok(()));
        assert_eq!(outcome("{ viewer { id } }", false, Transport::Get), Err("UNAUTHENTICATED"));
        for mutation in
            ["mutation { __typename }", "mutation { logout }", "query A { a } mutation B { restartWorkload }"]
        {
            let request = Request::new(mutation);
            let mut request = if mutation.contains('B') { request.operation_name("B") } else { request };
            let outcome = admit(&mut request, true, Transport::Get).map_err(|error| error.code);
            assert_eq!(outcome.map(drop), Err("WRONG_METHOD"), "{mutation}");
        }
        assert_eq!(outcome("{ workloadPreview }", true, Transport::Get), Err("WRONG_METHOD"));
        assert_eq!(
            outcome("{ ...F } fragment F on Query { workloadPreview }", true, Transport::Get),
            Err("WRONG_METHOD")
        );
        assert_eq!(outcome("{ clusterCheck }", true, Transport::Get), Err("WRONG_METHOD"));
        assert_eq!(outcome("{ workloadPreview }", true, Transport::Post), Ok(()));
        assert_eq!(outcome("subscription { podLog }", true, Transport::Socket), Ok(()));
        assert_eq!(outcome("subscription { podLog }", false, Transport::Socket), Err("UNAUTHENTICATED"));
        assert_eq!(outcome("subscription { a: podLog b: podLog }", true, Transport::Socket), Err("BAD_INPUT"));
        assert_eq!(outcome("query A { viewer } query B { viewer }", true, Transport::Post), Err("BAD_INPUT"));
    }
}
