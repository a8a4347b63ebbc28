//! The progress of the read model: the position of the running projections, and those of the lagging ones.
//!
//! Promises that a lagging projection is never reported as up to date. Tested below.

use chrono::{DateTime, Utc};
use domain::core::planted::{Bug, is_planted};
use std::{collections::BTreeMap, fmt, num::ParseIntError, str::FromStr};

/// The positions of the projections at one moment. The text form notifies other processes: `57`, or `57 pods=12`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    /// The position of the running projections.
    pub position: i64,
    /// The lagging projections: stopped at an event, or catching up.
    pub behind: BTreeMap<String, i64>,
}

impl Positions {
    /// The running projections are at the highest position.
    pub fn of(positions: BTreeMap<String, i64>) -> Self {
        let position = positions.values().copied().max().unwrap_or_default();
        Self { position, behind: positions.into_iter().filter(|(_, at)| *at < position).collect() }
    }
}

impl fmt::Display for Positions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.position)?;
        self.behind.iter().try_for_each(|(name, position)| write!(f, " {name}={position}"))
    }
}

impl FromStr for Positions {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let mut words = text.split(' ');
        let position = words.next().unwrap_or_default().parse()?;
        let behind = words.filter_map(|word| word.split_once('='));
        let behind = behind.map(|(name, at)| Ok((name.to_owned(), at.parse()?))).collect::<Result<_, _>>()?;
        Ok(Self { position, behind })
    }
}

/// The progress as a process knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The position of the running projections. None until it was first read.
    pub position: Option<i64>,
    pub behind: BTreeMap<String, i64>,
    pub as_of: DateTime<Utc>,
    /// When the read model reaches this position, it is up to date as of this time.
    goal: Option<(i64, DateTime<Utc>)>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { position: None, behind: BTreeMap::new(), as_of: DateTime::UNIX_EPOCH, goal: None }
    }
}

impl Progress {
    /// The position of one projection.
    pub fn position_of(&self, projection: &str) -> Option<i64> {
        let own = self.behind.get(projection).filter(|_| !is_planted(Bug::StoppedCalledCurrent)).copied();
        self.position.map(|position| own.unwrap_or(position))
    }

    /// Older information is ignored.
    pub fn advance(&mut self, positions: Positions) {
        if self.position > Some(positions.position) {
            return;
        }
        self.position = Some(positions.position);
        self.behind = positions.behind;
        if let Some((_, as_of)) = self.goal.take_if(|(goal, _)| *goal <= positions.position) {
            self.as_of = self.as_of.max(as_of);
        }
    }

    /// The same from a notification, which may be older than the positions of this process. No projection moves back.
    pub fn notified(&mut self, mut positions: Positions) {
        if self.position == Some(positions.position) {
            let later = |(name, at): (String, i64)| self.behind.get(&name).map(|current| (name, at.max(*current)));
            positions.behind = positions.behind.into_iter().filter_map(later).collect();
        }
        self.advance(positions);
    }

    /// Records that the log ended at `head` at `time`.
    pub fn aim(&mut self, head: i64, time: DateTime<Utc>) {
        if self.position >= Some(head) {
            self.as_of = self.as_of.max(time);
        } else if self.goal.is_none() {
            self.goal = Some((head, time));
        }
    }

    /// Whether waiting queries must check again.
    pub fn has_moved_since(&self, before: &Self) -> bool {
        self.position != before.position || self.behind != before.behind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(position: i64, behind: &[(&str, i64)]) -> Positions {
        Positions { position, behind: behind.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect() }
    }

    #[test]
    fn positions_are_parsed_as_they_are_written() {
        for (positions, text) in
            [(positions(57, &[]), "57"), (positions(57, &[("pods", 12), ("users", 3)]), "57 pods=12 users=3")]
        {
            assert_eq!(positions.to_string(), text);
            assert_eq!(text.parse(), Ok(positions));
        }
        assert!("57 pods=x".parse::<Positions>().is_err() && "".parse::<Positions>().is_err());
    }

    #[test]
    fn a_lagging_projection_keeps_its_position_until_a_newer_report() {
        let mut progress = Progress::default();
        assert_eq!(progress.position_of("pods"), None);
        progress.advance(Positions::of([("pods".to_owned(), 4), ("users".to_owned(), 9)].into()));
        let both = |progress: &Progress| (progress.position_of("pods"), progress.position_of("users"));
        assert_eq!(both(&progress), (Some(4), Some(9)));
        progress.advance(positions(8, &[]));
        assert_eq!(both(&progress), (Some(4), Some(9)), "that was before");
        progress.notified(positions(9, &[("pods", 3)]));
        assert_eq!(both(&progress), (Some(4), Some(9)), "no notification moves it back");
        progress.advance(positions(9, &[]));
        assert_eq!(both(&progress), (Some(9), Some(9)));
        progress.notified(positions(9, &[("pods", 4)]));
        assert_eq!(both(&progress), (Some(9), Some(9)));
        progress.notified(positions(10, &[("pods", 9)]));
        assert_eq!(both(&progress), (Some(9), Some(10)));
    }

    #[test]
    fn the_time_is_that_of_those_that_go_on() {
        let (mut progress, time) = (Progress::default(), DateTime::from_timestamp(7, 0).expect("a time"));
        progress.aim(5, time);
        progress.advance(positions(4, &[]));
        assert_eq!(progress.as_of, DateTime::UNIX_EPOCH);
        progress.advance(positions(5, &[("pods", 2)]));
        assert_eq!(progress.as_of, time);
    }
}
