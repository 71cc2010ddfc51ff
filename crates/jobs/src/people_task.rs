//! Goes on with long work on an account, as the one who started it.

use std::sync::Arc;

use domain::call::{Caller, Via};
use domain::jobs::Job;
use domain::people::tasks::{self, Ticket};
use domain::{Call, Kind, Problem, Result, Store, portals};

use crate::{Means, Progress};

/// How often a failure of ours is tried again, before the task counts as failed.
const TRIES: i64 = 5;

pub(crate) fn run(store: &Store, _: &Means, job: &Job) -> Result<Progress> {
    let ticket = Ticket::of(job).ok_or_else(|| Problem::internal("the job names no task"))?;
    let portal = job.portal;
    let found = store.read_blocking(move |conn| {
        let Some(portal) = portals::by_id(conn, portal)? else { return Ok(None) };
        let call = Call::system(portal);
        let starter = tasks::starter(conn, &call, ticket)?;
        Ok(starter.map(|person| Call { caller: Caller::Person(Arc::new(person)), via: Via::System, ..call }))
    })?;
    let Some(call) = found else { return Ok(Progress::Done) };
    match store.write_blocking(call.clone(), move |tx| tasks::step(tx, &call, ticket)) {
        Ok(over) => Ok(if over { Progress::Done } else { Progress::More }),
        Err(problem) => {
            // What is refused stays refused; what fails may succeed another time.
            let ours = matches!(problem.kind(), Kind::Internal | Kind::Busy | Kind::Unavailable);
            if ours && job.attempts < TRIES {
                return Err(problem);
            }
            let text = problem.message().to_owned();
            store.upkeep_blocking(move |tx| tasks::fail(tx, portal, ticket, &text))?;
            Ok(Progress::Done)
        }
    }
}
