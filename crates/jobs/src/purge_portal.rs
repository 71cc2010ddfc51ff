//! Removes what a deleted portal leaves behind.

use domain::jobs::Job;
use domain::portals::{self, Purge};
use domain::{Problem, Result, Store};

use crate::{Means, Progress};

pub(crate) fn run(store: &Store, means: &Means, job: &Job) -> Result<Progress> {
    let (portal, id) = (job.portal, job.id);
    let purge = store.upkeep_blocking(move |tx| portals::purge(tx, portal, id))?;
    Ok(match purge {
        Purge::More => Progress::More,
        Purge::LookAgain(at) => Progress::Later(at),
        Purge::Kept => Progress::Done,
        Purge::Done => {
            // All its contents lie below its number.
            means.blobs.remove(&portal.to_string()).map_err(Problem::internal)?;
            Progress::Done
        }
    })
}
