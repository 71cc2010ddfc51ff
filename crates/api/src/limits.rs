//! Limits on the rate of requests (foundation.md §6): in memory, off unless `limits.enabled`.
//!
//! All rules are in one place, [`Limits::admit`]. A window slides: what was counted in the period before still weighs as
//! much as of that period lies within the window.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::Method;
use domain::call::Caller;
use domain::time::{DAY, SECOND};
use domain::{Kind, Problem, Result, Timestamp};
use moka::sync::Cache;

use crate::exchange::Exchange;
use crate::gate::Call;

/// Windows remembered at most, for each rule.
const REMEMBERED: u64 = 50_000;
/// Requests at once, of those that read and of those that write.
const AT_ONCE: [u32; 2] = [50, 15];

/// So many in so long.
#[derive(Debug, Clone, Copy)]
struct Rule {
    limit: i64,
    /// Microseconds.
    period: i64,
}

/// Every request of a caller.
const ALL: Rule = Rule { limit: 1500, period: 60 * SECOND };
/// POST and PUT of a caller.
const WRITES: Rule = Rule { limit: 10_000, period: DAY };
/// An endpoint that is sensitive, for each path of it.
const SENSITIVE: Rule = Rule { limit: 5, period: 15 * 60 * SECOND };
/// Sign-ins over all portals, by address and by e-mail (foundation.md §4.2, deviations.md 27).
const SIGN_INS: Rule = Rule { limit: 10, period: 5 * 60 * SECOND };

/// Microseconds in which a portal may send so many invitations as the configuration says (policy *invitations*).
const INVITATIONS_PERIOD: i64 = DAY;

/// How a caller stands: what the `X-RateLimit-…` headers say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// How many requests there may be.
    pub(crate) limit: i64,
    /// How many are left.
    pub(crate) remaining: i64,
    /// Seconds until there is room again, or until the window is new.
    pub(crate) reset: i64,
}

/// A window as it slides: the count of the period under way, and of the one before.
#[derive(Debug, Default)]
struct Window {
    period: i64,
    current: i64,
    previous: i64,
}

impl Window {
    /// Counts so many more, unless that would be more than there may be; says how things stand and whether they were counted.
    fn take(&mut self, rule: Rule, weight: i64, now: Timestamp) -> (Standing, bool) {
        let (period, into) = (now.0.div_euclid(rule.period), now.0.rem_euclid(rule.period));
        if period != self.period {
            self.previous = if period == self.period + 1 { self.current } else { 0 };
            (self.period, self.current) = (period, 0);
        }
        let old = |into: i64| {
            let weighed = i128::from(self.previous) * i128::from(rule.period - into);
            i64::try_from(weighed.div_euclid(i128::from(rule.period))).unwrap_or(i64::MAX)
        };
        let used = self.current + old(into);
        let taken = weight <= rule.limit - used;
        let counted = if taken { weight } else { 0 };
        self.current += counted;
        let remaining = (rule.limit - used - counted).max(0);
        let micros = if taken { rule.period - into } else { self.wait(rule, weight, into) };
        (Standing { limit: rule.limit, remaining, reset: (micros / SECOND + 1).max(1) }, taken)
    }

    /// Microseconds until so many more fit, or until the window is new.
    fn wait(&self, rule: Rule, weight: i64, into: i64) -> i64 {
        let room = rule.limit - self.current - (weight - 1);
        if room <= 0 || self.previous == 0 {
            return rule.period - into;
        }
        // What was counted before weighs less and less: until it leaves room.
        let room = i128::from(room);
        let fits = i128::from(rule.period) - i128::from(rule.period) * room / i128::from(self.previous);
        (i64::try_from(fits).unwrap_or(rule.period) - into).clamp(0, rule.period)
    }
}

/// The windows of one rule, by caller.
#[derive(Debug)]
struct Windows {
    rule: Rule,
    known: Cache<String, Arc<Mutex<Window>>>,
}

impl Windows {
    fn new(rule: Rule) -> Self {
        // A window nobody came back to for two periods is as good as a new one.
        let idle = Duration::from_micros(u64::try_from(rule.period * 2).unwrap_or(u64::MAX));
        Self { rule, known: Cache::builder().max_capacity(REMEMBERED).time_to_idle(idle).build() }
    }

    fn take(&self, key: String, now: Timestamp) -> (Standing, bool) {
        self.take_many(key, 1, now)
    }

    fn take_many(&self, key: String, weight: i64, now: Timestamp) -> (Standing, bool) {
        let window = self.known.get_with(key, Arc::default);
        let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
        window.take(self.rule, weight, now)
    }
}

/// Requests under way, by caller: those that read and those that write.
type UnderWay = Arc<Mutex<HashMap<String, [u32; 2]>>>;

/// A request under way; it is over when this is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    under_way: UnderWay,
    who: String,
    writes: usize,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut all = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counts) = all.get_mut(&self.who) {
            counts[self.writes] = counts[self.writes].saturating_sub(1);
            if *counts == [0, 0] {
                all.remove(&self.who);
            }
        }
    }
}

/// Every limit there is.
#[derive(Debug)]
pub(crate) struct Limits {
    enabled: bool,
    all: Windows,
    writes: Windows,
    sensitive: Windows,
    invitations: Option<Windows>,
    sign_ins: Windows,
    under_way: UnderWay,
}

impl Limits {
    /// `invitations` is how many a portal may send in a day, if that is limited.
    pub(crate) fn new(enabled: bool, invitations: Option<u32>) -> Self {
        let of_invitations =
            |limit| Windows::new(Rule { limit: i64::from(limit), period: INVITATIONS_PERIOD });
        Self {
            invitations: invitations.map(of_invitations),
            enabled,
            all: Windows::new(ALL),
            writes: Windows::new(WRITES),
            sensitive: Windows::new(SENSITIVE),
            sign_ins: Windows::new(SIGN_INS),
            under_way: UnderWay::default(),
        }
    }

    /// Lets a request in or refuses it with `TooManyRequests`. How the caller stands, and the permit to be under way,
    /// are noted in the exchange.
    pub(crate) fn admit(&self, exchange: &Exchange, caller: Option<&Caller>, now: Timestamp) -> Result<()> {
        let Some(line) = exchange.line.filter(|line| !line.unlimited && self.holds(exchange)) else {
            return Ok(());
        };
        let who = match caller {
            Some(Caller::Person(person)) => person.id.to_string(),
            _ => exchange.client.ip.clone(),
        };
        let method = &exchange.method;
        self.hold(exchange, self.all.take(who.clone(), now))?;
        if matches!(*method, Method::POST | Method::PUT) {
            self.hold(exchange, self.writes.take(who.clone(), now))?;
        }
        if line.sensitive {
            let path = exchange.uri.path().to_ascii_lowercase();
            self.hold(exchange, self.sensitive.take(format!("{who} {method} {path}"), now))?;
        }
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let permit = self.begin(&who, usize::from(!reads))?;
        // A second permit is impossible: the gate is entered once.
        let _ = exchange.permit.set(permit);
        Ok(())
    }

    /// Counts letters of invitation for a portal, or refuses them: all of a call's, or none. Whether the caller may send
    /// them at all is asked before, so that nobody uses up what belongs to others.
    ///
    /// Fails with `TooManyRequests`, or with `Validation` when they are more than there may be in a day.
    pub(crate) fn invite(&self, call: &Call, letters: usize, now: Timestamp) -> Result<()> {
        let Some(windows) = self.invitations(call) else { return Ok(()) };
        let letters = i64::try_from(letters).unwrap_or(i64::MAX);
        if letters > windows.rule.limit {
            let sentence = "Invitation limit is exceeded".to_owned();
            return Err(Problem::validation([("Invitations".to_owned(), sentence)]));
        }
        let (standing, taken) = windows.take_many(call.portal.id.to_string(), letters, now);
        // How the caller stands with the first rule is told unless this one refuses.
        if taken { Ok(()) } else { self.hold(call.exchange(), (standing, taken)) }
    }

    /// Whether letters of invitation are counted for this caller.
    pub(crate) fn count_invitations(&self, call: &Call) -> bool {
        self.invitations(call).is_some()
    }

    fn invitations(&self, call: &Call) -> Option<&Windows> {
        self.invitations.as_ref().filter(|_| self.holds(call.exchange()))
    }

    /// Whether there are limits for this client: callers on this machine are exempt.
    fn holds(&self, exchange: &Exchange) -> bool {
        self.enabled && !is_loopback(&exchange.client.ip)
    }

    /// Notes how the caller stands with the first rule, or with the one that refuses.
    #[expect(clippy::unused_self, reason = "reads like a sentence")]
    fn hold(&self, exchange: &Exchange, (standing, taken): (Standing, bool)) -> Result<()> {
        let mut noted = exchange.standing.lock().unwrap_or_else(PoisonError::into_inner);
        if taken {
            noted.get_or_insert(standing);
            return Ok(());
        }
        *noted = Some(standing);
        let seconds = u32::try_from(standing.reset).unwrap_or(u32::MAX);
        Err(Problem::from(Kind::TooManyRequests).retry_after(seconds))
    }

    fn begin(&self, who: &str, writes: usize) -> Result<Permit> {
        let mut all = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = all.entry(who.to_owned()).or_default();
        if counts[writes] >= AT_ONCE[writes] {
            return Err(Problem::from(Kind::TooManyRequests).retry_after(1));
        }
        counts[writes] += 1;
        Ok(Permit { under_way: self.under_way.clone(), who: who.to_owned(), writes })
    }

    /// Whether a sign-in over all portals may be tried from this address, for this e-mail; on whatever the
    /// configuration says.
    pub(crate) fn may_sign_in(&self, ip: &str, email: &str, now: Timestamp) -> bool {
        let keys = [format!("ip {ip}"), format!("email {}", email.trim().to_lowercase())];
        // Both are counted, whichever refuses.
        let [by_ip, by_email] = keys.map(|key| self.sign_ins.take(key, now).1);
        by_ip && by_email
    }
}

fn is_loopback(ip: &str) -> bool {
    ip.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { limit: 5, period: 60 * SECOND };
    const START: Timestamp = Timestamp(1_000_000 * 60 * SECOND);

    fn at(seconds: i64) -> Timestamp {
        START.plus(seconds * SECOND)
    }

    #[test]
    fn a_window_slides() {
        let mut window = Window::default();
        for left in [4, 3, 2, 1, 0] {
            let (standing, taken) = window.take(RULE, 1, at(30));
            assert!(taken);
            assert_eq!((standing.limit, standing.remaining), (5, left));
        }
        let (standing, taken) = window.take(RULE, 1, at(30));
        assert!(!taken);
        assert_eq!(standing.reset, 31, "the period is over in half a minute");
        let (standing, taken) = window.take(RULE, 1, at(60));
        assert!(!taken, "those of a moment ago still weigh");
        assert!(window.take(RULE, 1, at(60 + standing.reset)).1, "one has slid out");
        assert!(window.take(RULE, 1, at(300)).1, "long after");
        assert_eq!(window.take(RULE, 1, at(300)).0.remaining, 3);
    }

    #[test]
    fn several_at_once_fit_whole_or_not_at_all() {
        let mut window = Window::default();
        assert_eq!(window.take(RULE, 3, at(30)).0.remaining, 2);
        assert!(!window.take(RULE, 3, at(30)).1);
        assert!(window.take(RULE, 2, at(30)).1, "those that didn't fit weren't counted");
        let (standing, taken) = window.take(RULE, 2, at(60));
        assert!(!taken);
        assert!(!window.take(RULE, 2, at(60 + standing.reset - 2)).1);
        assert!(window.take(RULE, 2, at(60 + standing.reset)).1, "two have slid out");
        assert!(!window.take(RULE, 6, at(300)).1, "more than there may ever be");
    }

    #[test]
    fn requests_at_once_are_counted_while_they_last() {
        let limits = Limits::new(true, None);
        let held: Vec<Permit> = (0..15).map(|_| limits.begin("ada", 1).expect("room")).collect();
        assert!(limits.begin("ada", 1).is_err());
        assert!(limits.begin("ada", 0).is_ok(), "reading is another matter");
        assert!(limits.begin("bob", 1).is_ok());
        drop(held);
        assert!(limits.begin("ada", 1).is_ok());
        assert!(limits.under_way.lock().expect("the lock").is_empty());
    }

    #[test]
    fn eleven_sign_ins_in_five_minutes_are_one_too_many() {
        let limits = Limits::new(false, None);
        for number in 0..10 {
            assert!(limits.may_sign_in("192.0.2.1", &format!("{number}@ex.org"), START));
        }
        assert!(!limits.may_sign_in("192.0.2.1", "other@ex.org", START));
        assert!(limits.may_sign_in("192.0.2.2", "other@ex.org", START), "from elsewhere");
    }
}
