//! The position in a log up to which lines were delivered, so that a reopened log continues there.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// How much earlier than the previous line a line may be stamped: the two outputs of a container are stamped
/// separately.
const DISORDER: TimeDelta = TimeDelta::milliseconds(100);

type Counts = BTreeMap<DateTime<Utc>, usize>;

/// Distinguishes new lines from lines that a reopened log repeats, by their time and the count of lines with that time.
#[derive(Debug, Default)]
pub struct Place {
    /// Lines before it are not requested, or were delivered.
    start: Option<DateTime<Utc>>,
    /// Whether lines before the first delivered one are not requested.
    is_tail: bool,
    first: Option<DateTime<Utc>>,
    newest: Option<DateTime<Utc>>,
    /// The delivered lines of the last [`DISORDER`].
    recent: Counts,
    /// Delivered lines that the open log has not repeated yet.
    repeats: Counts,
    /// The time of the last line of the open log.
    current: Option<DateTime<Utc>>,
}

impl Place {
    /// The start: before the first line since `start`, or at the tail of the log.
    pub fn new(start: Option<DateTime<Utc>>, is_tail: bool) -> Self {
        Self { start, is_tail, ..Self::default() }
    }

    /// The time from which a log must be read again. None: from its beginning.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.start.max(self.first).max(self.newest.map(|newest| newest - DISORDER))
    }

    /// Whether no line was delivered yet.
    pub const fn is_empty(&self) -> bool {
        self.newest.is_none()
    }

    /// Records that a log was opened with all lines from the second of [`Self::since`].
    pub fn reopen(&mut self) {
        self.start = self.since();
        self.repeats = self.recent.clone();
        self.current = None;
    }

    /// Whether a line of the open log comes before the place.
    pub fn has_passed(&self, time: Option<DateTime<Utc>>) -> bool {
        time.is_none_or(|time| {
            let is_repeat = self.repeats.get(&time).is_some_and(|count| *count > 0);
            is_repeat || self.start.is_some_and(|start| time < start)
        })
    }

    /// Whether the next line of the open log is new. If so, it counts as delivered.
    ///
    /// A line without a time has the time of the line before. At the beginning of a log that starts at a time, it is
    /// the rest of an earlier line.
    pub fn takes(&mut self, time: Option<DateTime<Utc>>) -> bool {
        let Some(time) = time.or(self.current) else { return self.start.is_none() };
        self.current = Some(time);
        if self.has_passed(Some(time)) {
            self.repeats.entry(time).and_modify(|count| *count = count.saturating_sub(1));
            return false;
        }
        self.deliver(time);
        true
    }

    fn deliver(&mut self, time: DateTime<Utc>) {
        let newest = self.newest.map_or(time, |newest| newest.max(time));
        self.newest = Some(newest);
        if self.is_tail {
            self.first.get_or_insert(time);
        }
        *self.recent.entry(time).or_default() += 1;
        while self.recent.first_key_value().is_some_and(|(oldest, _)| *oldest < newest - DISORDER) {
            self.recent.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::SubsecRound;
    use proptest::prelude::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_000_000 + millis).expect("a time")
    }

    /// The lines that the kubelet sends: those from a whole second on.
    fn log<'a>(lines: &'a [i64], place: &Place) -> impl Iterator<Item = (usize, DateTime<Utc>)> + 'a {
        let since = place.since().map(|since| since.trunc_subsecs(0));
        let lines = lines.iter().map(|millis| at(*millis)).enumerate();
        lines.filter(move |(_, time)| since.is_none_or(|since| *time >= since))
    }

    #[test]
    fn lines_before_the_exact_time_are_dropped() {
        let lines = [1_200, 1_499, 1_500, 1_500, 1_700];
        let mut place = Place::new(Some(at(1_500)), false);
        place.reopen();
        let sent: Vec<_> = log(&lines, &place).collect();
        let taken = sent.into_iter().filter(|(_, time)| place.takes(Some(*time)));
        assert_eq!(taken.map(|(nth, _)| nth).collect::<Vec<_>>(), [2, 3, 4]);
    }

    #[test]
    fn a_line_without_a_time_is_not_lost_and_comes_once() {
        let mut place = Place::new(None, false);
        assert!(place.takes(None) && place.takes(Some(at(5))) && place.takes(None) && place.takes(None));
        place.reopen();
        assert!(!place.takes(None), "the rest of a line before");
        assert!(!place.takes(Some(at(5))) && !place.takes(None) && !place.takes(None) && place.takes(None));
    }

    #[test]
    fn a_log_that_was_read_before_begins_with_lines_that_were_read() {
        let (read, next) = ([1_200, 1_500, 1_950], [2_000, 2_100]);
        let mut place = Place::new(None, false);
        assert!(read.iter().all(|millis| place.takes(Some(at(*millis)))));
        place.reopen();
        let first = |lines| log(lines, &place).next().map(|(_, time)| time);
        assert!(place.has_passed(first(&read)) && place.has_passed(None));
        assert!(!place.has_passed(first(&next)));
    }

    #[test]
    fn only_recent_lines_are_remembered() {
        let mut place = Place::new(None, false);
        for millis in 0..10_000 {
            assert!(place.takes(Some(at(millis))));
        }
        assert_eq!(place.recent.len(), 101);
    }

    proptest! {
        /// The times advance by little or much, and some go back.
        #[test]
        fn a_log_that_breaks_anywhere_is_delivered_once_and_in_order(
            steps in proptest::collection::vec((prop_oneof![3 => 0_i64..3, 1 => 0_i64..1_500], 0_i64..100), 1..60),
            breaks in proptest::collection::vec(0_usize..70, 0..8),
            tail in 0_usize..70,
            start in proptest::option::of(0_i64..3_000),
        ) {
            let mut now = 0;
            let lines: Vec<i64> = steps.iter().map(|(step, behind)| { now += step; now - behind }).collect();
            let wanted = |nth: usize| start.is_none_or(|start| lines[nth] >= start);
            // A line of the tail stamped before its first line looks like a line that was not requested.
            let begin = lines.len().saturating_sub(tail);
            let is_parted = lines[begin..].iter().min() == lines.get(begin) && lines[..begin].iter().max() < lines.get(begin);
            let begin = if start.is_none() && is_parted { begin } else { 0 };
            let expected: Vec<usize> = (begin..lines.len()).filter(|nth| wanted(*nth)).collect();
            let mut place = Place::new(start.map(at), begin > 0);
            let mut delivered = Vec::new();
            let mut breaks = breaks.clone();
            breaks.sort_unstable();
            for end in breaks.into_iter().chain([usize::MAX]) {
                let begin = if place.is_empty() { begin } else { 0 };
                place.reopen();
                let parts: Vec<_> = log(&lines, &place).collect();
                for (nth, time) in parts.into_iter().filter(|(nth, _)| (begin..end).contains(nth)) {
                    if place.takes(Some(time)) {
                        delivered.push(nth);
                    }
                }
            }
            prop_assert_eq!(delivered, expected);
        }
    }
}
