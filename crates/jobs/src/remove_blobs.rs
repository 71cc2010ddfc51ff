//! Removes contents that nobody needs any more.

use domain::jobs::Job;
use domain::{Problem, Result, Store};

use crate::{Means, Progress};

pub(crate) fn run(_: &Store, means: &Means, job: &Job) -> Result<Progress> {
    means.blobs.remove(&job.payload).map_err(Problem::internal)?;
    Ok(Progress::Done)
}
