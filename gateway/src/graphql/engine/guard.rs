//! The guard: every document passes here. What is not on the short public list needs a viewer, so that a field somebody
//! forgets is closed. Limits are judged before anything is validated, and errors get their codes on the way out.

use super::{
    error::{Fault, TOO_SLOW, code, finish, refused},
    limits,
    rows::{self, AsText},
};
use crate::{
    graphql::{
        context::{RequestInfo, Services},
        schema::Schema,
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

/// The fields that need no viewer. A document with one of them has nothing else, so that one request is one attempt.
const PUBLIC: [&str; 3] = ["login", "refreshSession", "logout"];

/// How a document came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    Http,
    Socket,
}

/// What is asked, by how long its answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// Questions, and signing in, whose passwords take their time.
    Anything,
    /// Who asks for something to be done must soon know whether to ask again. So many things, one after the other.
    Wishes(usize),
}

impl Asked {
    const fn limit(self) -> Duration {
        Duration::from_secs(match self {
            Self::Anything => 30,
            Self::Wishes(count) => 2 * count as u64,
        })
    }

    fn late(self) -> Fault {
        match self {
            Self::Anything => Fault::new(code::TIMED_OUT, TOO_SLOW),
            Self::Wishes(_) => commands::Error::from(AppendError::Unknown).into(),
        }
    }
}

/// The schema behind its guard. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    schema: Schema,
    services: Arc<Services>,
}

impl Gate {
    pub fn new(schema: Schema, services: Arc<Services>) -> Self {
        Self { schema, services }
    }

    pub fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// A query or a mutation over HTTP. The answer becomes text by [`rows::to_json`] and in no other way.
    pub async fn answer(&self, request: Request, info: RequestInfo) -> Response {
        let id = info.id.clone();
        let mut response = match admitted(request, info.viewer.is_some(), Transport::Http).await {
            Err(fault) => refused(fault),
            Ok((request, asked)) => {
                let turns = self.services.reads.turns(info.viewer.as_ref());
                self.execute_in_time(as_text(request).data(info).data(turns), asked).await
            }
        };
        finish(&mut response, &self.services.projections, &id);
        response
    }

    /// A document over a socket: one answer of a query or a mutation, each change of a subscription.
    pub fn stream(&self, request: Request, info: RequestInfo) -> BoxStream<'static, Response> {
        let (gate, services, id) = (self.clone(), Arc::clone(&self.services), info.id.clone());
        let responses = async move {
            match admitted(request, info.viewer.is_some(), Transport::Socket).await {
                Err(fault) => stream::once(async { refused(fault) }).boxed(),
                Ok((request, _)) => {
                    let turns = gate.services.reads.turns(info.viewer.as_ref());
                    gate.schema.execute_stream(without_spare(request).data(info).data(turns))
                }
            }
        };
        let finished = responses.boxed().flatten_stream().map(move |mut response| {
            finish(&mut response, &services.projections, &id);
            response
        });
        finished.boxed()
    }

    async fn execute_in_time(&self, request: Request, asked: Asked) -> Response {
        let answer = tokio::time::timeout(asked.limit(), self.schema.execute(request));
        answer.await.unwrap_or_else(|_| refused(asked.late()))
    }
}

/// The same request, its lists written as text where nothing has to be merged with them.
fn as_text(mut request: Request) -> Request {
    let wanted = request.operation_name.clone();
    let is_distinct = request.parsed_query().is_ok_and(|document| {
        chosen(document, wanted.as_deref())
            .is_ok_and(|operation| rows::distinct(document, &operation.selection_set.node))
    });
    if is_distinct { request.data(AsText) } else { request }
}

/// The same request for a stream, which keeps its document as long as it runs: that of the parser has lists with room to grow, a
/// copy has none.
fn without_spare(mut request: Request) -> Request {
    if let Some(document) = request.parsed_query().ok().cloned() {
        request.set_parsed_query(document);
    }
    request
}

/// Whether the document may be executed for somebody who has signed in or not. A long one is read beside the threads
/// that answer requests.
async fn admitted(mut request: Request, is_signed_in: bool, transport: Transport) -> Result<(Request, Asked), Fault> {
    if !is_signed_in && request.query.len() > limits::PUBLIC_DOCUMENT {
        return Err(Fault::unauthenticated());
    }
    let is_short = request.query.len() <= limits::PUBLIC_DOCUMENT;
    let look = move || admit(&mut request, is_signed_in, transport).map(|asked| (request, asked));
    if is_short {
        return look();
    }
    heavy::run(look).await.unwrap_or_else(|| Err(Fault::new(code::INTERNAL, "the document could not be read")))
}

fn admit(request: &mut Request, is_signed_in: bool, transport: Transport) -> Result<Asked, Fault> {
    limits::check_text(&request.query)?;
    let document = parse_query(&request.query).map_err(unreadable)?;
    let operation = chosen(&document, request.operation_name.as_deref())?;
    let roots = limits::check(&document, operation, &request.variables)?;
    let asked = may_ask(&roots, operation.ty, is_signed_in, transport)?;
    request.set_parsed_query(document);
    Ok(asked)
}

/// The parser repeats the line that it cannot read; this says where it is.
fn unreadable(error: parser::Error) -> Fault {
    let parser::Error::Syntax { message, start, .. } = error else {
        return Fault::new(code::BAD_INPUT, error.to_string());
    };
    let expected = message.rsplit("= ").next().unwrap_or_default();
    Fault::new(code::BAD_INPUT, format!("line {}, column {}: {expected}", start.line, start.column))
}

fn chosen<'a>(document: &'a ExecutableDocument, wanted: Option<&str>) -> Result<&'a OperationDefinition, Fault> {
    let unknown = || Fault::new(code::BAD_INPUT, "name one operation of the document as operationName");
    let mut operations = document.operations.iter();
    match wanted {
        Some(wanted) => {
            operations.find(|(name, _)| name.is_some_and(|name| name == wanted)).map(|(_, found)| &found.node)
        }
        None => operations.next().filter(|_| operations.next().is_none()).map(|(_, only)| &only.node),
    }
    .ok_or_else(unknown)
}

fn may_ask(roots: &[Name], kind: OperationType, is_signed_in: bool, transport: Transport) -> Result<Asked, Fault> {
    let bad_input = |words| Err(Fault::new(code::BAD_INPUT, words));
    let is_public = kind == OperationType::Mutation && roots.iter().any(is_public);
    let asks_nothing = roots.iter().all(|name| name == "__typename");
    match (kind, transport) {
        (OperationType::Subscription, Transport::Http) => {
            bad_input("subscriptions are served on the socket at /graphql/ws")
        }
        (OperationType::Subscription, Transport::Socket) if roots.len() != 1 => {
            bad_input("a subscription has exactly one field")
        }
        (_, Transport::Socket) if is_public => bad_input("sign in and out at POST /graphql"),
        _ if is_public && roots.len() > 1 => bad_input("signing in or out is the only field of its document"),
        _ if !is_public && !asks_nothing && !is_signed_in => Err(Fault::unauthenticated()),
        (OperationType::Mutation, _) if !is_public => Ok(Asked::Wishes(roots.len())),
        _ => Ok(Asked::Anything),
    }
}

/// Of a mutation's field.
fn is_public(name: &Name) -> bool {
    PUBLIC.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(document: &str, is_signed_in: bool, transport: Transport) -> Result<(), &'static str> {
        admit(&mut Request::new(document), is_signed_in, transport).map(drop).map_err(|fault| fault.code)
    }

    #[test]
    fn a_wish_is_answered_sooner_than_a_question_or_a_sign_in() {
        let asked = |document: &str| {
            admit(&mut Request::new(document), true, Transport::Http).map(Asked::limit).expect(document)
        };
        let soon = asked("mutation { restartWorkload }");
        assert!(soon < asked("{ viewer { id } }") && soon < asked("mutation { login }"), "{soon:?}");
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
            assert_eq!(judge(document, false, Transport::Http), Err("UNAUTHENTICATED"), "{document}");
            assert_eq!(judge(document, true, Transport::Http), Ok(()), "{document}");
        }
        for open in ["mutation { logout }", "mutation { refreshSession { __typename } }", "{ __typename }"] {
            assert_eq!(judge(open, false, Transport::Http), Ok(()), "{open}");
        }
    }

    #[tokio::test]
    async fn a_long_document_is_refused_unread_without_a_viewer() {
        let document = format!("mutation {{ login }} # {}", "{".repeat(limits::PUBLIC_DOCUMENT));
        let outcome = async |is_signed_in| {
            let outcome = admitted(Request::new(&document), is_signed_in, Transport::Http).await;
            outcome.map(drop).map_err(|fault| fault.code)
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
                assert_eq!(judge(&document, is_signed_in, Transport::Http), Err("BAD_INPUT"), "{document}");
            }
        }
        assert_eq!(judge("mutation { login }", true, Transport::Socket), Err("BAD_INPUT"));
    }

    #[test]
    fn each_transport_serves_its_own_kind() {
        assert_eq!(judge("subscription { podLog }", true, Transport::Http), Err("BAD_INPUT"));
        assert_eq!(judge("subscription { podLog }", true, Transport::Socket), Ok(()));
        assert_eq!(judge("subscription { podLog }", false, Transport::Socket), Err("UNAUTHENTICATED"));
        assert_eq!(judge("subscription { a: podLog b: podLog }", true, Transport::Socket), Err("BAD_INPUT"));
        assert_eq!(judge("query A { viewer } query B { viewer }", true, Transport::Http), Err("BAD_INPUT"));
    }
}
