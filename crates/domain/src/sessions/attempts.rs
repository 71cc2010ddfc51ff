//! The limit on wrong passwords (foundation.md §2.3): in memory, by login name and address.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::Timestamp;
use crate::time::SECOND;

/// How many attempts, in how long, and for how long one is blocked then.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Attempts in a window; one more blocks.
    pub attempts: usize,
    /// The window, in microseconds.
    pub period: i64,
    /// The block, in microseconds.
    pub block: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { attempts: 5, period: 60 * SECOND, block: 60 * SECOND }
    }
}

/// Keys remembered at most; the map is swept when it grows beyond.
const REMEMBERED: usize = 10_000;

#[derive(Debug, Default)]
struct Record {
    attempts: VecDeque<Timestamp>,
    blocked_until: Option<Timestamp>,
}

/// Everybody's attempts.
#[derive(Debug, Default)]
pub struct Attempts {
    limits: Limits,
    records: Mutex<HashMap<String, Record>>,
}

impl Attempts {
    /// Counts an attempt; false when it must be refused, be the password right or wrong.
    pub fn begin(&self, login: &str, ip: &str, now: Timestamp) -> bool {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() >= REMEMBERED {
            let period = self.limits.period;
            records.retain(|_, record| !record.is_over(now, period));
        }
        let record = records.entry(key(login, ip)).or_default();
        if record.blocked_until.is_some_and(|until| now < until) {
            return false;
        }
        record.blocked_until = None;
        record.attempts.retain(|at| at.plus(self.limits.period) > now);
        if record.attempts.len() >= self.limits.attempts {
            record.attempts.clear();
            record.blocked_until = Some(now.plus(self.limits.block));
            return false;
        }
        record.attempts.push_back(now);
        true
    }

    /// Takes the last attempt back: the password was right.
    pub fn succeed(&self, login: &str, ip: &str) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(login, ip);
        if let Some(record) = records.get_mut(&key) {
            record.attempts.pop_back();
            if record.attempts.is_empty() && record.blocked_until.is_none() {
                records.remove(&key);
            }
        }
    }
}

impl Record {
    fn is_over(&self, now: Timestamp, period: i64) -> bool {
        self.attempts.back().is_none_or(|at| at.plus(period) <= now)
            && self.blocked_until.is_none_or(|until| until <= now)
    }
}

fn key(login: &str, ip: &str) -> String {
    format!("{}\n{ip}", login.trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_000_000 * SECOND);

    #[test]
    fn the_sixth_wrong_password_in_a_minute_blocks_for_a_minute() {
        let attempts = Attempts::default();
        for i in 0..5 {
            assert!(attempts.begin("Ada@ex.org", "::1", START.plus(i)));
        }
        assert!(!attempts.begin("ada@EX.org ", "::1", START.plus(6)), "the sixth");
        assert!(!attempts.begin("ada@ex.org", "::1", START.plus(59 * SECOND)), "still blocked");
        assert!(attempts.begin("ada@ex.org", "::2", START.plus(7)), "another address");
        assert!(attempts.begin("ada@ex.org", "::1", START.plus(61 * SECOND)), "over");
    }

    #[test]
    fn right_passwords_do_not_count() {
        let attempts = Attempts::default();
        for i in 0..100 {
            assert!(attempts.begin("ada@ex.org", "::1", START.plus(i)));
            attempts.succeed("ada@ex.org", "::1");
        }
    }
}
