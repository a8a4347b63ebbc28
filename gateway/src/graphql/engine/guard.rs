//! The guard: every document passes here. What is not on the short public list needs a viewer, so that a field somebody
//! forgets is closed. Limits are judged before anything is validated, and errors get their codes on the way out.

use super::{
    error::{Fault, code, finish, refused},
    limits,
    rows::{self, AsText},
};
use crate::graphql::{
    context::{RequestInfo, Services},
    schema::Schema,
};
use async_graphql::{
    Name, Request, Response,
    parser::types::{ExecutableDocument, OperationDefinition, OperationType},
};
use commands::log::AppendError;
use futures::{StreamExt, stream, stream::BoxStream};
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
            Self::Anything => Fault::new(code::TIMED_OUT, "the answer took too long: ask for less"),
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
    pub async fn answer(&self, mut request: Request, info: RequestInfo) -> Response {
        let id = info.id.clone();
        let mut response = match admit(&mut request, info.viewer.is_some(), Transport::Http) {
            Err(fault) => refused(fault),
            Ok(asked) => self.execute_in_time(as_text(request).data(info), asked).await,
        };
        finish(&mut response, &self.services.projections, &id);
        response
    }

    /// A document over a socket: one answer of a query or a mutation, each change of a subscription.
    pub fn stream(&self, mut request: Request, info: RequestInfo) -> BoxStream<'static, Response> {
        let (services, id) = (Arc::clone(&self.services), info.id.clone());
        let responses = match admit(&mut request, info.viewer.is_some(), Transport::Socket) {
            Err(fault) => stream::once(async { refused(fault) }).boxed(),
            Ok(_) => self.schema.execute_stream(without_spare(request).data(info)),
        };
        let finished = responses.map(move |mut response| {
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
    // Only what was admitted is walked: fragments of another operation may go in a circle.
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

/// Whether the document may be executed for somebody who has signed in or not.
fn admit(request: &mut Request, is_signed_in: bool, transport: Transport) -> Result<Asked, Fault> {
    limits::check_text(&request.query)?;
    limits::check_variables(&request.variables)?;
    let wanted = request.operation_name.clone();
    let document = request.parsed_query().map_err(|error| Fault::new(code::BAD_INPUT, error.message))?;
    let operation = chosen(document, wanted.as_deref())?;
    let roots = limits::check(document, operation)?;
    match (operation.ty, transport) {
        (OperationType::Subscription, Transport::Http) => {
            return Err(Fault::new(code::BAD_INPUT, "subscriptions are served on the socket at /graphql/ws"));
        }
        (OperationType::Subscription, Transport::Socket) if roots.len() != 1 => {
            return Err(Fault::new(code::BAD_INPUT, "a subscription has exactly one field"));
        }
        _ => {}
    }
    may_ask(&roots, operation.ty, is_signed_in, transport)?;
    let is_wish = operation.ty == OperationType::Mutation && !roots.iter().any(is_public);
    Ok(if is_wish { Asked::Wishes(roots.len()) } else { Asked::Anything })
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

fn may_ask(roots: &[Name], kind: OperationType, is_signed_in: bool, transport: Transport) -> Result<(), Fault> {
    if kind == OperationType::Mutation && roots.iter().any(is_public) {
        return match (roots.len(), transport) {
            (1, Transport::Http) => Ok(()),
            (_, Transport::Http) => {
                Err(Fault::new(code::BAD_INPUT, "signing in or out is the only field of its document"))
            }
            (_, Transport::Socket) => Err(Fault::new(code::BAD_INPUT, "sign in and out at POST /graphql")),
        };
    }
    let asks_nothing = roots.iter().all(|name| name == "__typename");
    if is_signed_in || asks_nothing { Ok(()) } else { Err(Fault::unauthenticated()) }
}

/// Of a mutation's field.
fn is_public(name: &Name) -> bool {
    PUBLIC.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::any::TypeId;

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

    #[test]
    fn what_is_not_asked_for_is_not_walked_however_it_goes_in_a_circle() {
        let document = "query A { __typename } query B { ...F } fragment F on Query { viewer { ...F } }";
        let mut request = Request::new(document).operation_name("A");
        assert!(admit(&mut request, false, Transport::Http).is_ok());
        assert!(as_text(request).data.contains_key(&TypeId::of::<AsText>()));
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
