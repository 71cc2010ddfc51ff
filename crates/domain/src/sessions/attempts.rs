//! The limit on wrong passwords (foundation.md §2.3): in memory, by login name and address.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::Timestamp;
use crate::time::SECOND;

/// How many wrong passwords, in how long, and for how long one is blocked then.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Wrong passwords in a window; the next attempt blocks.
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
    failures: VecDeque<Timestamp>,
    blocked_until: Option<Timestamp>,
}

/// Everybody's failures. Attempts whose password turns out right don't count, however many there are at once.
#[derive(Debug, Default)]
pub struct Attempts {
    limits: Limits,
    records: Mutex<HashMap<String, Record>>,
}

impl Attempts {
    /// Whether an attempt may be made; if not it must be refused, be the password right or wrong.
    pub fn may_try(&self, login: &str, ip: &str, now: Timestamp) -> bool {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(record) = records.get_mut(&key(login, ip)) else { return true };
        if record.blocked_until.is_some_and(|until| now < until) {
            return false;
        }
        record.blocked_until = None;
        record.failures.retain(|at| at.plus(self.limits.period) > now);
        if record.failures.len() < self.limits.attempts {
            return true;
        }
        record.failures.clear();
        record.blocked_until = Some(now.plus(self.limits.block));
        false
    }

    /// Counts a wrong password.
    pub fn fail(&self, login: &str, ip: &str, now: Timestamp) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() >= REMEMBERED {
            let period = self.limits.period;
            records.retain(|_, record| !record.is_over(now, period));
        }
        if records.len() >= REMEMBERED {
            // Somebody tries thousands of names at once: only the blocks are worth the memory.
            records.retain(|_, record| record.blocked_until.is_some());
        }
        records.entry(key(login, ip)).or_default().failures.push_back(now);
    }
}

impl Record {
    fn is_over(&self, now: Timestamp, period: i64) -> bool {
        self.failures.back().is_none_or(|at| at.plus(period) <= now)
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

    fn fail_times(attempts: &Attempts, times: i64) {
        for i in 0..times {
            assert!(attempts.may_try("Ada@ex.org", "::1", START.plus(i)));
            attempts.fail("Ada@ex.org", "::1", START.plus(i));
        }
    }

    #[test]
    fn the_sixth_attempt_after_five_wrong_ones_blocks_for_a_minute() {
        let attempts = Attempts::default();
        fail_times(&attempts, 5);
        assert!(!attempts.may_try("ada@EX.org ", "::1", START.plus(6)), "the sixth");
        assert!(!attempts.may_try("ada@ex.org", "::1", START.plus(59 * SECOND)), "still blocked");
        assert!(attempts.may_try("ada@ex.org", "::2", START.plus(7)), "another address");
        assert!(attempts.may_try("ada@ex.org", "::1", START.plus(61 * SECOND)), "over");
    }

    #[test]
    fn wrong_passwords_are_forgotten_after_a_minute() {
        let attempts = Attempts::default();
        fail_times(&attempts, 5);
        assert!(attempts.may_try("ada@ex.org", "::1", START.plus(61 * SECOND)));
    }
}
