//! Sends a letter. After a crash it may go out twice, which is better than not at all.

use domain::jobs::Job;
use domain::{Problem, Result, Store, mail};

use crate::{Means, Progress};

/// With the queue's pauses, this many tries take about three days.
pub(crate) const TRIES: i64 = 80;

pub(crate) fn run(_: &Store, means: &Means, job: &Job) -> Result<Progress> {
    let letter: mail::Letter = serde_json::from_str(&job.payload).map_err(Problem::internal)?;
    let letter = ::mail::Letter {
        to: letter.to,
        to_name: letter.to_name,
        subject: letter.subject,
        text: letter.text,
        link: letter.link,
    };
    match means.post.send(&letter) {
        Ok(()) => Ok(Progress::Done),
        Err(::mail::Error::Unsendable(why)) => {
            tracing::warn!(id = job.id, why, "a letter can't be sent");
            Ok(Progress::Done)
        }
        Err(::mail::Error::Failed(why)) => Err(Problem::internal(why)),
    }
}
