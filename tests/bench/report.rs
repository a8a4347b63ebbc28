//! What was measured: printed at once, kept for the machine-readable copy and for the page people read.

use crate::stats::{median, number, spread};
use serde_json::{Value, json};
use std::time::Instant;

#[derive(Clone, Copy)]
pub enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// Shown for comparison only.
    None,
}

impl Goal {
    fn words(self, unit: &str) -> String {
        match self {
            Self::AtMost(limit) => format!("<= {} {unit}", number(limit)),
            Self::AtLeast(limit) => format!(">= {} {unit}", number(limit)),
            Self::None => String::new(),
        }
    }

    fn holds(self, value: f64) -> Option<bool> {
        match self {
            Self::AtMost(limit) => Some(value <= limit),
            Self::AtLeast(limit) => Some(value >= limit),
            Self::None => None,
        }
    }
}

/// Whose figure it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Ours,
    /// The API server itself, measured in turn with ours.
    Control,
}

pub struct Figure {
    of: Of,
    what: String,
    unit: &'static str,
    goal: Goal,
    /// One for each repetition.
    values: Vec<f64>,
}

impl Figure {
    fn verdict(&self) -> &'static str {
        match self.goal.holds(median(&self.values)) {
            Some(true) => "holds",
            Some(false) => "FALLS SHORT",
            None => "",
        }
    }
}

pub struct Section {
    title: &'static str,
    peers: &'static str,
    figures: Vec<Figure>,
    notes: Vec<String>,
    load: (String, String),
    begun: Instant,
}

/// All sections of one run.
#[derive(Default)]
pub struct Report {
    sections: Vec<Section>,
}

pub fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

impl Report {
    pub fn section(&mut self, title: &'static str, peers: &'static str) {
        self.close();
        let load = (load_average(), String::new());
        println!("\n== {title}\n   peers    {peers}\n   load average before: {}", load.0);
        let (figures, notes) = (Vec::new(), Vec::new());
        self.sections.push(Section { title, peers, figures, notes, load, begun: Instant::now() });
    }

    pub fn ours(&mut self, what: &str, unit: &'static str, goal: Goal, values: Vec<f64>) {
        self.add(Figure { of: Of::Ours, what: what.to_owned(), unit, goal, values });
    }

    pub fn control(&mut self, what: &str, unit: &'static str, values: Vec<f64>) {
        self.add(Figure { of: Of::Control, what: what.to_owned(), unit, goal: Goal::None, values });
    }

    fn add(&mut self, figure: Figure) {
        let who = if figure.of == Of::Ours { "ours   " } else { "control" };
        let (goal, verdict) = (figure.goal.words(figure.unit), figure.verdict());
        println!(
            "   {who}  {:<66} {:>24} {:<6} {goal:<14} {verdict}",
            figure.what,
            spread(&figure.values),
            figure.unit
        );
        if let Some(section) = self.sections.last_mut() {
            section.figures.push(figure);
        }
    }

    /// Words that a figure needs to be understood, or a failure.
    pub fn note(&mut self, words: impl Into<String>) {
        let words = words.into();
        println!("   note     {words}");
        if let Some(section) = self.sections.last_mut() {
            section.notes.push(words);
        }
    }

    /// The row could not be measured to its end: that is a loss too.
    pub fn failed(&mut self) {
        self.ours("could not be measured to its end", "", Goal::AtMost(0.0), vec![1.0]);
    }

    pub fn close(&mut self) {
        if let Some(section) = self.sections.last_mut()
            && section.load.1.is_empty()
        {
            section.load.1 = load_average();
            println!("   load average after: {}; took {:.0} s", section.load.1, section.begun.elapsed().as_secs_f64());
        }
    }

    /// What does not hold, in words.
    pub fn lost(&self) -> Vec<String> {
        let all = self.sections.iter().flat_map(|section| section.figures.iter().map(move |figure| (section, figure)));
        all.filter(|(_, figure)| figure.goal.holds(median(&figure.values)) == Some(false))
            .map(|(section, figure)| {
                let goal = figure.goal.words(figure.unit);
                let value = number(median(&figure.values));
                format!("{}: {}: {value} {}, goal {goal}", section.title, figure.what, figure.unit)
            })
            .collect()
    }

    pub fn json(&self, conditions: &Value) -> Value {
        let sections: Vec<Value> = self.sections.iter().map(Section::json).collect();
        json!({"conditions": conditions, "sections": sections, "lost": self.lost()})
    }

    pub fn markdown(&self) -> String {
        self.sections.iter().map(Section::markdown).collect::<Vec<_>>().join("\n")
    }
}

impl Section {
    fn json(&self) -> Value {
        let figures: Vec<Value> = self.figures.iter().map(Figure::json).collect();
        json!({"what": self.title, "peers": self.peers, "loadBefore": self.load.0, "loadAfter": self.load.1,
            "figures": figures, "notes": self.notes})
    }

    fn markdown(&self) -> String {
        let mut text = format!(
            "## {}\n\nPeers: {}. Load average {} before, {} after.\n\n",
            self.title, self.peers, self.load.0, self.load.1
        );
        text.push_str("| | measured | unit | goal | |\n|---|---|---|---|---|\n");
        for figure in &self.figures {
            let who = if figure.of == Of::Ours { "" } else { "control: " };
            let verdict = if figure.verdict() == "FALLS SHORT" { "**falls short**" } else { figure.verdict() };
            let (goal, values) = (figure.goal.words(figure.unit), spread(&figure.values));
            text.push_str(&format!("| {who}{} | {values} | {} | {goal} | {verdict} |\n", figure.what, figure.unit));
        }
        self.notes.iter().for_each(|note| text.push_str(&format!("\n- {note}")));
        text.push_str(if self.notes.is_empty() { "" } else { "\n" });
        text
    }
}

impl Figure {
    fn json(&self) -> Value {
        let of = if self.of == Of::Ours { "ours" } else { "control" };
        json!({"of": of, "what": self.what, "unit": self.unit, "goal": self.goal.words(self.unit),
            "values": self.values, "median": median(&self.values), "holds": self.goal.holds(median(&self.values))})
    }
}
