//! The table, and what is aimed at.

use crate::load::real;

/// The slowest p99 there may be, in milliseconds.
const P99: f64 = 20.0;

/// A case beside the bare server.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// Requests a second.
    pub(crate) rate: f64,
    /// The bare server's.
    pub(crate) bare: f64,
    /// The median of the rounds' ratios, so that a noisy neighbour weighs on both sides.
    pub(crate) ratio: f64,
    /// The least ratio aimed at.
    pub(crate) aim: Option<f64>,
    /// Milliseconds.
    pub(crate) p50: f64,
    /// Milliseconds.
    pub(crate) p99: f64,
}

/// A single figure.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// The most that is aimed at.
    pub(crate) aim: Option<f64>,
    /// What else there is to say.
    pub(crate) note: String,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
    pub(crate) facts: Vec<Fact>,
}

impl Report {
    /// Prints it.
    pub(crate) fn print(&self) {
        println!();
        println!(
            "{:<34} {:>10} {:>10} {:>7} {:>8} {:>8} {:>8}",
            "", "requests/s", "bare axum", "ratio", "aim", "p50 ms", "p99 ms"
        );
        for row in &self.rows {
            let aim = row.aim.map_or("-".to_owned(), |aim| format!("≥ {aim:.2}"));
            println!(
                "{:<34} {:>10.0} {:>10.0} {:>7.2} {:>8} {:>8.2} {:>8.2}  {}",
                row.name,
                row.rate,
                row.bare,
                row.ratio,
                aim,
                row.p50,
                row.p99,
                row.verdict()
            );
        }
        println!();
        for fact in &self.facts {
            let aim = fact.aim.map_or("-".to_owned(), |aim| format!("≤ {aim}"));
            println!(
                "{:<45} {:>10} {:>16}  {:<7} {}",
                fact.name,
                format!("{:.2} {}", fact.value, fact.unit),
                aim,
                fact.verdict(),
                fact.note
            );
        }
    }
}

impl Row {
    fn verdict(&self) -> String {
        let short = self.aim.filter(|aim| self.ratio < *aim);
        let slow = self.p99 >= P99;
        match (short, slow) {
            (None, false) => "met".to_owned(),
            (None, true) => format!("MISSED: p99 is not below {P99} ms"),
            (Some(aim), slow) => {
                let percent = (aim - self.ratio) / aim * 100.0;
                let slow = if slow { ", and by p99" } else { "" };
                format!("MISSED by {percent:.0} %{slow}")
            }
        }
    }
}

impl Fact {
    fn verdict(&self) -> &'static str {
        match self.aim {
            Some(aim) if self.value > aim => "MISSED",
            Some(_) => "met",
            None => "",
        }
    }
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The time, in milliseconds, within which so many per cent were answered.
pub(crate) fn percentile(micros: &mut [u32], percent: usize) -> f64 {
    micros.sort_unstable();
    let at = (micros.len() * percent / 100).min(micros.len().saturating_sub(1));
    micros.get(at).copied().map(f64::from).unwrap_or_default() / 1000.0
}

/// Bytes in megabytes.
pub(crate) fn megabytes(bytes: usize) -> f64 {
    real(bytes) / real(1 << 20)
}
