//! The limit on wrong passwords and codes (foundation.md §2.3): in memory, by portal, login name and address.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::Timestamp;
use crate::ids::{PortalId, UserId};
use crate::time::SECOND;

/// How many wrong passwords, in how long, and for how long one is blocked then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// Who tries: what the failures are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Trier(String);

impl Trier {
    /// Somebody who signs in by this name, from this address.
    pub fn login(portal: PortalId, login: &str, ip: &str) -> Self {
        Self(format!("{portal}\n{}\n{ip}", login.trim().to_lowercase()))
    }

    /// Somebody who gives codes of this account's second factor, from wherever.
    pub fn code(portal: PortalId, user: UserId) -> Self {
        Self(format!("{portal}\ncode\n{user}"))
    }

    /// Somebody who asks for something else that is limited, from this address.
    pub fn request(portal: PortalId, what: &str, ip: &str) -> Self {
        Self(format!("{portal}\n{what}\n\n{ip}"))
    }

    /// It as a text that stands for nobody else.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The longest window there can be (`LoginSettings::RANGE`).
const PERIOD_MAX: i64 = 9999 * SECOND;

/// Everybody's failures. Attempts whose password turns out right don't count, however many there are at once.
#[derive(Debug, Default)]
pub struct Attempts {
    records: Mutex<HashMap<Trier, Record>>,
}

impl Attempts {
    /// Whether an attempt may be made; if not it must be refused, be the password right or wrong.
    pub fn may_try(&self, limits: Limits, who: &Trier, now: Timestamp) -> bool {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(record) = records.get_mut(who) else { return true };
        if record.blocked_until.is_some_and(|until| now < until) {
            return false;
        }
        record.blocked_until = None;
        record.failures.retain(|at| at.plus(limits.period) > now);
        if record.failures.len() < limits.attempts {
            return true;
        }
        record.failures.clear();
        record.blocked_until = Some(now.plus(limits.block));
        false
    }

    /// Counts a wrong password.
    pub fn fail(&self, who: &Trier, now: Timestamp) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() >= REMEMBERED {
            records.retain(|_, record| !record.is_over(now, PERIOD_MAX));
        }
        if records.len() >= REMEMBERED {
            // Somebody tries thousands of names at once: only the blocks are worth the memory.
            records.retain(|_, record| record.blocked_until.is_some());
        }
        records.entry(who.clone()).or_default().failures.push_back(now);
    }
}

impl Record {
    fn is_over(&self, now: Timestamp, period: i64) -> bool {
        self.failures.back().is_none_or(|at| at.plus(period) <= now)
            && self.blocked_until.is_none_or(|until| until <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_000_000 * SECOND);

    fn ada(ip: &str) -> Trier {
        Trier::login(PortalId(1), " ADA@ex.org ", ip)
    }

    fn may_try(attempts: &Attempts, who: &Trier, after: i64) -> bool {
        attempts.may_try(Limits::default(), who, START.plus(after))
    }

    fn fail_times(attempts: &Attempts, times: i64) {
        for i in 0..times {
            assert!(may_try(attempts, &ada("::1"), i));
            attempts.fail(&Trier::login(PortalId(1), "Ada@ex.org", "::1"), START.plus(i));
        }
    }

    #[test]
    fn the_sixth_attempt_after_five_wrong_ones_blocks_for_a_minute() {
        let attempts = Attempts::default();
        fail_times(&attempts, 5);
        assert!(!may_try(&attempts, &ada("::1"), 6), "the sixth");
        assert!(!may_try(&attempts, &ada("::1"), 59 * SECOND), "still blocked");
        assert!(may_try(&attempts, &ada("::2"), 7), "another address");
        assert!(may_try(&attempts, &Trier::login(PortalId(2), "ada@ex.org", "::1"), 7), "another portal");
        assert!(may_try(&attempts, &ada("::1"), 61 * SECOND), "over");
    }

    #[test]
    fn wrong_passwords_are_forgotten_after_a_minute() {
        let attempts = Attempts::default();
        fail_times(&attempts, 5);
        assert!(may_try(&attempts, &ada("::1"), 61 * SECOND));
    }

    #[test]
    fn limits_hold_as_they_are_set() {
        let (attempts, limits) = (Attempts::default(), Limits { attempts: 1, period: 9 * SECOND, block: 5 });
        attempts.fail(&ada("::1"), START);
        assert!(!attempts.may_try(limits, &ada("::1"), START.plus(1)));
        assert!(attempts.may_try(limits, &ada("::1"), START.plus(6)));
    }
}
