//! Pages with a variable part: `/workloads/:id` is the file `workloads/_.html` for every id. The data files of the page
//! (`/workloads/x.txt`, `/workloads/x/__next.y.txt`) are next to that file.

use serde::Deserialize;

/// One line of `routes.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct Route {
    /// Path segments; variable ones begin with a colon.
    pattern: String,
    /// The file without its extension.
    file: String,
}

/// All patterns of the build.
#[derive(Debug, Default)]
pub struct Routes(Vec<(Vec<String>, String)>);

impl Routes {
    pub fn new(routes: Vec<Route>) -> Self {
        let split = |path: &str| path.trim_matches('/').split('/').map(str::to_owned).collect();
        let routes = routes.into_iter();
        Self(routes.map(|route| (split(&route.pattern), route.file.trim_matches('/').to_owned())).collect())
    }

    /// The file for a path, without extension if the path has none.
    pub fn file(&self, path: &str) -> Option<String> {
        let segments: Vec<&str> = path.split('/').collect();
        self.0.iter().find_map(|(pattern, file)| beside(pattern, file, &segments))
    }
}

fn beside(pattern: &[String], file: &str, segments: &[&str]) -> Option<String> {
    let rest = segments.get(pattern.len()..)?;
    let fits = pattern.iter().zip(segments).all(|(wanted, found)| match wanted.strip_prefix(':') {
        Some(_) => !found.is_empty(),
        None => wanted == found,
    });
    if !fits {
        return None;
    }
    match rest {
        // The data file of the page has its extension in the last segment of the path.
        [] if segments.last().is_some_and(|last| last.ends_with(".txt")) => Some(format!("{file}.txt")),
        [] => Some(file.to_owned()),
        [data] if data.starts_with("__next.") && data.ends_with(".txt") => Some(format!("{file}/{data}")),
        _ => None,
    }
}

/// Decodes a percent-encoded path. `None` if it is not UTF-8 or would leave the folder.
pub fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: u8| (byte as char).to_digit(16);
            let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let decoded = String::from_utf8(bytes).ok()?;
    let leaves = decoded.split('/').any(|segment| segment == ".." || segment == ".") || decoded.contains(['\0', '\\']);
    (!leaves).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes {
        let json =
            r#"[{"pattern": "/workloads/:id", "file": "/workloads/_"}, {"pattern": "/c/:c/n/:n", "file": "/c/_/n/_"}]"#;
        Routes::new(serde_json::from_str(json).expect("routes"))
    }

    #[test]
    fn a_page_and_what_it_loads_are_found_for_every_id() {
        let routes = routes();
        let id = "Deployment~dev~shop~web.v2";
        assert_eq!(routes.file(&format!("workloads/{id}")).as_deref(), Some("workloads/_"));
        assert_eq!(routes.file(&format!("workloads/{id}.txt")).as_deref(), Some("workloads/_.txt"));
        let data = format!("workloads/{id}/__next.workloads.$d$id.__PAGE__.txt");
        assert_eq!(routes.file(&data).as_deref(), Some("workloads/_/__next.workloads.$d$id.__PAGE__.txt"));
        assert_eq!(routes.file("c/a/n/b").as_deref(), Some("c/_/n/_"));
    }

    #[test]
    fn what_fits_no_pattern_is_not_found() {
        for path in ["", "workloads", "workloads/", "workloads/a/b", "workloads/a/__next.js", "other/a", "c/a/x/b"] {
            assert_eq!(routes().file(path), None, "{path}");
        }
    }

    #[test]
    fn a_path_is_read_once_and_stays_inside() {
        assert_eq!(decode("/workloads/a%7Eb").as_deref(), Some("/workloads/a~b"));
        assert_eq!(decode("/a%252e").as_deref(), Some("/a%2e"));
        for wrong in ["/..", "/%2e%2e/x", "/a/../b", "/%", "/%zz", "/%ff", "/a%00", "/a%5c.."] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
