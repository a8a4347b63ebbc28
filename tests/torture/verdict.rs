//! What was acknowledged against what was delivered.

use anyhow::{Context, Result, bail, ensure};
use std::collections::{HashMap, HashSet};

#[derive(Default)]
pub struct Delivered {
    /// By id: the position that was acknowledged.
    acknowledged: HashMap<String, i64>,
    refused: HashSet<String>,
    /// In the order of delivery; the place is the position.
    delivered: Vec<String>,
    versions: HashMap<String, i64>,
}

impl Delivered {
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.len() as u64
    }

    pub fn total(&self) -> usize {
        self.acknowledged.len() + self.delivered.len()
    }

    /// The last position delivered.
    pub fn position(&self) -> i64 {
        self.delivered.len() as i64
    }

    pub fn words(&self) -> String {
        let (acknowledged, refused, delivered) = (self.acknowledged.len(), self.refused.len(), self.delivered.len());
        format!("{acknowledged} events acknowledged, {refused} refused, {delivered} delivered")
    }

    /// What a writer said.
    pub fn wrote(&mut self, lines: &[String]) -> Result<()> {
        for line in lines {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("done") => {
                    let last: i64 = words.next().context("a position")?.parse()?;
                    let ids: Vec<&str> = words.collect();
                    for (id, position) in ids.iter().zip(last - ids.len() as i64 + 1..) {
                        self.acknowledged.insert((*id).to_owned(), position);
                    }
                }
                Some("refused") => self.refused.extend(words.map(str::to_owned)),
                _ => bail!("a writer says {line:?}"),
            }
        }
        Ok(())
    }

    /// What a reader received: the next position each time, and the next version of its stream.
    pub fn read(&mut self, lines: &[String]) -> Result<()> {
        for line in lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [position, id, version, stream] = words.as_slice() else { bail!("a reader says {line:?}") };
            let (position, version): (i64, i64) = (position.parse()?, version.parse()?);
            ensure!(position == self.position() + 1, "{position} was delivered after {}", self.position());
            let before = self.versions.entry((*stream).to_owned()).or_default();
            ensure!(version == *before + 1, "version {version} of {stream} was delivered after {before}");
            *before = version;
            self.delivered.push((*id).to_owned());
        }
        Ok(())
    }

    /// Every acknowledged event once and where it was said to be, and none that was refused.
    pub fn judge(&self) -> Result<()> {
        let places: HashMap<&str, i64> = self.delivered.iter().map(String::as_str).zip(1..).collect();
        ensure!(places.len() == self.delivered.len(), "an event was delivered twice");
        for (id, position) in &self.acknowledged {
            let found = places.get(id.as_str());
            ensure!(found == Some(position), "{id} was acknowledged at {position} and delivered at {found:?}");
        }
        let phantom = self.refused.iter().find(|id| places.contains_key(id.as_str()));
        ensure!(phantom.is_none(), "{phantom:?} was refused and delivered");
        Ok(())
    }
}
