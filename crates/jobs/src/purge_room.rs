//! Removes what a deleted room leaves behind.

use domain::jobs::{Job, room_of};
use domain::{Problem, Result, Store, rooms};

use crate::{Means, Progress};

pub(crate) fn run(store: &Store, _: &Means, job: &Job) -> Result<Progress> {
    let room = room_of(job).ok_or_else(|| Problem::internal("the job names no room"))?;
    let portal = job.portal;
    let done = store.upkeep_blocking(move |tx| rooms::purge(tx, portal, room))?;
    Ok(if done { Progress::Done } else { Progress::More })
}
