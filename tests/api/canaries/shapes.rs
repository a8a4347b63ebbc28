//! The canaries: values in sixty shapes that people write, each with a number in it that nothing else has.

use std::sync::LazyLock;

/// A part of each number: what a run before this one has left in the cluster has another.
static RUN: LazyLock<u32> = LazyLock::new(|| fastrand::u32(100..1000));

/// What people write, none of it a secret that would be refused. `§` stands for the number.
pub const SHAPES: [&str; 60] = [
    // Words, numbers, and what is nearly a number.
    "§",
    "word-§",
    "two words §",
    " §  ",
    "§,§",
    "-§",
    "0.§",
    "0x§",
    "000§",
    "§Mi",
    "§%",
    "v1.§.0-rc.1",
    "2026-01-01T00:00:00.§Z",
    "00000000-0000-4000-8000-§",
    // Addresses and paths.
    "/srv/§/data",
    "https://example.org/§?page=1&size=§",
    "postgres://db.example.org:5432/app§",
    "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa§",
    "registry.example.org/team/app:§",
    "app.kubernetes.io/name=n§",
    "user-§@example.org",
    "*.§.example.org",
    "127.0.0.1:§",
    "C:\\temp\\§",
    "\\\\host\\§\\share",
    "%2F§%20",
    // Words of commands.
    "--flag=§",
    "-c §",
    "$(VAR_§)",
    "${NAME:-§}",
    "$((1 + §))",
    "echo § | tr a b; exit 0",
    "if [ \"$x\" = § ]; then true; fi",
    "# § and more",
    "*/5 * * * * §",
    "^[a-z]+§$",
    // Languages of data.
    "{\"level\": \"§\", \"n\": 1}",
    "{\"n\": §, \"list\": [§]}",
    "[§, 1, 2]",
    "a: §\nb: [1, 2]",
    "- §\n- 2\n",
    "|\n  §\n",
    "{{ .Values.x§ }}",
    "[section]\nn = §\n",
    "name;count\nx;§\n",
    "level=debug,id=§",
    "<x y=\"§\"/>",
    "<!-- § -->",
    "<![CDATA[§]]>",
    "{.items[?(@.n==§)].name}",
    "select § from numbers",
    // Quotes, signs, and letters of the world.
    "'§'",
    "\"quoted \\\"§\\\" twice\"",
    "first line\r\nsecond §\n",
    "\t§\t",
    "\u{1b}[31m§\u{1b}[0m",
    "\u{feff}\u{200f}§\u{200e}",
    "漢字 § é e\u{301}",
    "🧭§👩\u{200d}💻",
    // A long one.
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa § \
     bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
];

/// Hands out canaries and knows their numbers.
pub struct Canaries {
    first: usize,
    next: usize,
}

impl Canaries {
    /// From the nth number on.
    pub const fn from(nth: usize) -> Self {
        Self { first: nth, next: nth }
    }

    /// A number that nothing else has, of twelve digits: however a text is written, they stand in it as they are.
    pub fn number(&mut self) -> String {
        self.next += 1;
        format!("7319{}{:05}", *RUN, self.next)
    }

    /// A value of a shape.
    pub fn shaped(&mut self, shape: usize) -> String {
        SHAPES[shape].replace('§', &self.number())
    }

    /// All that were handed out.
    pub fn numbers(&self) -> Vec<String> {
        let mut again = Self::from(self.first);
        (self.first..self.next).map(|_| again.number()).collect()
    }
}
