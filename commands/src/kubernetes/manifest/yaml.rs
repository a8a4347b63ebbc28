//! Reads YAML or JSON text as kubectl does, with the line of each value. A library parses the text. This file composes
//! the values, because serde knows neither the line nor whether a scalar was quoted.

use super::{MAX_BYTES, MAX_DEPTH, scalar};
use granit_parser::{Event, Options, Parser, ScalarStyle, Span, StrInput, Tag, options};
use serde_json::Value;
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, btree_map::Entry},
    rc::Rc,
};

/// The maximum number of values in one text.
const MAX_NODES: usize = 250_000;

/// The reason for a refused text, and its line.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    pub line: usize,
    pub message: String,
}

/// A value and the line where it starts.
#[derive(Debug)]
pub struct Node {
    pub line: usize,
    content: Content,
    /// Levels below this one.
    height: usize,
    /// The bytes of text in it, with aliases expanded.
    size: usize,
}

#[derive(Debug)]
enum Content {
    Scalar(Value),
    List(Vec<Rc<Node>>),
    Map(BTreeMap<String, Field>),
}

#[derive(Debug)]
struct Field {
    value: Rc<Node>,
    is_merged: bool,
}

impl Node {
    /// The value without its lines.
    pub fn value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => items.iter().map(|item| item.value()).collect(),
            Content::Map(fields) => fields.iter().map(|(key, field)| (key.clone(), field.value.value())).collect(),
        }
    }

    /// The value at a JSON pointer, or its nearest existing parent.
    pub fn nearest(&self, pointer: &str) -> &Self {
        let mut node = self;
        for step in pointer.split('/').skip(1) {
            let below = match &node.content {
                Content::Scalar(_) => None,
                Content::List(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
                Content::Map(fields) => {
                    fields.get(&step.replace("~1", "/").replace("~0", "~")).map(|field| &field.value)
                }
            };
            let Some(below) = below else { break };
            node = below;
        }
        node
    }

    /// The items of the list `key`. None if this is not a map with such a list.
    pub fn items(&self, key: &str) -> Option<&[Rc<Self>]> {
        let Content::Map(fields) = &self.content else { return None };
        match &fields.get(key)?.value.content {
            Content::List(items) => Some(items),
            Content::Scalar(_) | Content::Map(_) => None,
        }
    }

    pub const fn is_map(&self) -> bool {
        matches!(self.content, Content::Map(_))
    }

    const fn is_null(&self) -> bool {
        matches!(self.content, Content::Scalar(Value::Null))
    }
}

/// The documents of a text in order, without empty ones.
pub fn documents(text: &str) -> Result<Vec<Rc<Node>>, Mistake> {
    refuse_old_line_breaks(text)?;
    let parser = Parser::new_from_str_with_options(text, parser_options());
    let mut composer = Composer { text, parser, anchors: HashMap::new(), nodes: 0, repeated: 0 };
    let mut documents = Vec::new();
    loop {
        match composer.next()? {
            (Event::StreamEnd, _) => return Ok(documents),
            (Event::DocumentStart(..), _) => composer.anchors.clear(),
            (Event::StreamStart | Event::DocumentEnd, _) => {}
            (event, span) => {
                let node = composer.node(event, span, 0)?;
                if !node.is_null() {
                    documents.push(node);
                }
            }
        }
    }
}

/// Characters that end a line in YAML 1.1, and so for kubectl, but not in YAML 1.2.
fn refuse_old_line_breaks(text: &str) -> Result<(), Mistake> {
    let Some(at) = text.find(['\u{85}', '\u{2028}', '\u{2029}']) else { return Ok(()) };
    let line = text[..at].matches('\n').count() + 1;
    let found = text[at..].chars().next().unwrap_or_default();
    Err(mistake(
        line,
        format!("{found:?} ends a line for some readers and not for others: write it escaped, in quotes"),
    ))
}

/// The limits. Where YAML and the parser of kubectl differ, this follows kubectl.
fn parser_options() -> Options {
    options! {
        emit_comments: false,
        block_scalar_eof_without_line_feed: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}

struct Composer<'a> {
    text: &'a str,
    parser: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Rc<Node>>,
    nodes: usize,
    /// The bytes that aliases repeat.
    repeated: usize,
}

impl<'a> Composer<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Mistake> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(mistake(error.marker().line(), error.info().to_string())),
            None => Err(mistake(1, "it ends too early")),
        }
    }

    /// Composes the node that begins with `event`.
    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Rc<Node>, Mistake> {
        let line = span.start.line();
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(mistake(line, format!("it has more than {MAX_NODES} values")));
        }
        if depth >= MAX_DEPTH {
            return Err(too_deep(line));
        }
        let (anchor, node) = match event {
            Event::Alias(anchor) => return self.alias(anchor, line, depth),
            Event::Scalar(text, style, anchor, tag) => (anchor, scalar_node(text, style, tag, line)?),
            Event::SequenceStart(_, anchor, _) => (anchor, self.list(line, depth)?),
            Event::MappingStart(_, anchor, _) => (anchor, self.map(line, depth)?),
            _ => return Err(mistake(line, "a value is missing")),
        };
        let node = Rc::new(node);
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, line: usize, depth: usize) -> Result<Rc<Node>, Mistake> {
        // An anchor is defined once its node is complete.
        let node = self.anchors.get(&anchor).ok_or_else(|| mistake(line, "an alias stands for what contains it"))?;
        if depth + node.height >= MAX_DEPTH {
            return Err(too_deep(line));
        }
        self.repeated = self.repeated.saturating_add(node.size);
        if self.repeated > MAX_BYTES {
            return Err(mistake(line, format!("its aliases repeat more than {MAX_BYTES} bytes")));
        }
        Ok(Rc::clone(node))
    }

    fn list(&mut self, line: usize, depth: usize) -> Result<Node, Mistake> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => break,
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
        let (height, size) = measure(items.iter());
        Ok(Node { line, content: Content::List(items), height, size })
    }

    fn map(&mut self, line: usize, depth: usize) -> Result<Node, Mistake> {
        let mut fields = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            let line = span.start.line();
            if matches!(event, Event::MappingEnd) {
                break;
            }
            if is_merge(&event) {
                let (event, span) = self.next()?;
                let merged = self.node(event, span, depth + 1)?;
                merge(&mut fields, &merged, line)?;
                continue;
            }
            let key = self.key(event, span, depth)?;
            let (event, span) = self.next()?;
            let field = Field { value: self.node(event, span, depth + 1)?, is_merged: false };
            match fields.entry(key) {
                Entry::Occupied(same) if !same.get().is_merged => {
                    let first = same.get().value.line;
                    let message = format!("{:?} is written twice, first in line {first}: remove one", same.key());
                    return Err(mistake(line, message));
                }
                Entry::Occupied(mut merged) => {
                    merged.insert(field);
                }
                Entry::Vacant(free) => {
                    free.insert(field);
                }
            }
        }
        let keys: usize = fields.keys().map(|key| key.len() + 1).sum();
        let (height, size) = measure(fields.values().map(|field| &field.value));
        Ok(Node { line, content: Content::Map(fields), height, size: size.saturating_add(keys) })
    }

    /// Whether the colon after a key meets `,` or a bracket. kubectl reads such a colon as part of the key.
    fn is_followed_by_indicator(&self, key: &Span) -> bool {
        let after = key.end.byte_offset().and_then(|end| self.text.get(end..));
        let after = after.and_then(|after| after.strip_prefix(':'));
        after.is_some_and(|after| after.starts_with([',', '[', ']', '{', '}']))
    }

    /// A key as text. A key that kubectl refuses or would change is refused: a number is spelled differently, `on`
    /// becomes `true`.
    fn key(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<String, Mistake> {
        let line = span.start.line();
        let written = match &event {
            Event::Scalar(text, style, ..) => {
                if *style == ScalarStyle::Plain && self.is_followed_by_indicator(&span) {
                    return Err(mistake(line, format!("{text}: needs a space after the colon")));
                }
                text.to_string()
            }
            _ => String::new(),
        };
        let read = match &self.node(event, span, depth + 1)?.content {
            Content::Scalar(Value::String(key)) => return Ok(key.clone()),
            Content::Scalar(Value::Bool(key)) => key.to_string(),
            Content::Scalar(Value::Number(key)) if !key.is_f64() => key.to_string(),
            Content::Scalar(_) => String::new(),
            Content::List(_) | Content::Map(_) => return Err(mistake(line, "a key is text, not a list or a map")),
        };
        if read == written && !read.is_empty() {
            return Ok(written);
        }
        Err(mistake(line, format!("the key {written:?} is not read as text: write it in quotes")))
    }
}

/// The keys that `<<` merges. In kubectl they replace keys written before, in YAML they do not, so that case is
/// refused.
fn merge(fields: &mut BTreeMap<String, Field>, merged: &Node, line: usize) -> Result<(), Mistake> {
    match &merged.content {
        Content::Map(brought) => {
            for (key, field) in brought {
                if fields.get(key).is_some_and(|there| !there.is_merged) {
                    let message = format!("<< brings a second {key:?}: write << before the keys that replace its own");
                    return Err(mistake(line, message));
                }
                fields.insert(key.clone(), Field { value: Rc::clone(&field.value), is_merged: true });
            }
            Ok(())
        }
        // If several maps have the key, the first one counts.
        Content::List(maps) if maps.iter().all(|map| map.is_map()) => {
            maps.iter().rev().try_for_each(|map| merge(fields, map, line))
        }
        Content::List(_) | Content::Scalar(_) => Err(mistake(line, "<< needs a map, or a list of maps")),
    }
}

fn is_merge(event: &Event<'_>) -> bool {
    let Event::Scalar(text, style, _, tag) = event else { return false };
    text == "<<" && tag.as_deref().map_or(*style == ScalarStyle::Plain, |tag| type_of(tag).as_deref() == Some("merge"))
}

fn scalar_node(
    text: Cow<'_, str>,
    style: ScalarStyle,
    tag: Option<Cow<'_, Tag>>,
    line: usize,
) -> Result<Node, Mistake> {
    let size = text.len() + 1;
    let value = match tag.as_deref() {
        None if style == ScalarStyle::Plain => scalar::plain(&text).map_err(|reason| mistake(line, reason))?,
        None => Value::String(text.into_owned()),
        Some(tag) => tagged(&text, tag, line)?,
    };
    Ok(Node { line, content: Content::Scalar(value), height: 0, size })
}

/// A scalar with a tag, for example `!!str 5`. The tag must agree with the value. Tags without a type have no effect.
fn tagged(text: &str, tag: &Tag, line: usize) -> Result<Value, Mistake> {
    let Some(name) = type_of(tag) else { return Ok(Value::String(text.to_owned())) };
    let value = scalar::plain(text).map_err(|reason| mistake(line, reason))?;
    let agrees = match name.as_ref() {
        "int" => scalar::is_integer(text),
        "float" => value.is_number(),
        "bool" => value.is_boolean(),
        "null" => value.is_null(),
        "binary" | "timestamp" => {
            return Err(mistake(line, format!("!!{name} is not supported: write the text itself")));
        }
        _ => return Ok(Value::String(text.to_owned())),
    };
    if agrees { Ok(value) } else { Err(mistake(line, format!("what is marked !!{name} is none"))) }
}

/// The name of a type of YAML, for example `str`.
fn type_of(tag: &Tag) -> Option<Cow<'_, str>> {
    tag.suffix_in_namespace("tag:yaml.org,2002:")
}

fn measure<'n>(below: impl Iterator<Item = &'n Rc<Node>>) -> (usize, usize) {
    below.fold((0, 1), |(height, size): (usize, usize), node| {
        (height.max(node.height + 1), size.saturating_add(node.size))
    })
}

fn too_deep(line: usize) -> Mistake {
    mistake(line, format!("it is nested deeper than {MAX_DEPTH} levels"))
}

fn mistake(line: usize, message: impl Into<String>) -> Mistake {
    Mistake { line, message: message.into() }
}
