//! Finished file operations, kept in memory until their owner has fetched them.
//!
//! Contract: rooms.md §6, files.md "Queue semantics", deviations.md 4: an operation is one transaction, so it is
//! finished when its call is answered; it is listed once, newest last, and then forgotten.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::Timestamp;
use crate::ids::{EntryId, PortalId, UserId};
use crate::time::DAY;

/// Operations kept for one person; the oldest goes when there are more.
const KEPT: usize = 100;

/// What an operation does: `Operation` on the wire (rooms.md §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// Moving, archiving and unarchiving.
    Move = 0,
    /// Copying.
    Copy = 1,
    /// Deleting.
    Delete = 2,
    /// Downloading.
    Download = 3,
    /// Marking as read.
    MarkAsRead = 4,
    /// Importing.
    Import = 5,
    /// Converting.
    Convert = 6,
    /// Duplicating.
    Duplicate = 7,
}

/// The kinds by the reference's names.
pub const KINDS: &[(&str, OperationKind)] = &[
    ("Move", OperationKind::Move),
    ("Copy", OperationKind::Copy),
    ("Delete", OperationKind::Delete),
    ("Download", OperationKind::Download),
    ("MarkAsRead", OperationKind::MarkAsRead),
    ("Import", OperationKind::Import),
    ("Convert", OperationKind::Convert),
    ("Duplicate", OperationKind::Duplicate),
];

/// A finished operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its id: an opaque text.
    pub id: String,
    /// Its portal.
    pub portal: PortalId,
    /// Whose it is.
    pub owner: UserId,
    /// What it did.
    pub kind: OperationKind,
    /// How many entries it worked on.
    pub processed: i64,
    /// The room it was about, which the reply shows with the section it went to; none for a deletion and
    /// for a call that had nothing to do.
    pub room: Option<EntryId>,
    /// The section the room went to.
    pub section: Option<EntryId>,
    /// When it finished.
    pub at: Timestamp,
}

/// Everybody's operations.
#[derive(Debug, Default)]
pub struct Operations(Mutex<HashMap<(PortalId, UserId), VecDeque<Operation>>>);

impl Operations {
    /// Keeps a finished operation.
    pub fn put(&self, operation: Operation) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let owned = all.entry((operation.portal, operation.owner)).or_default();
        if owned.len() >= KEPT {
            owned.pop_front();
        }
        owned.push_back(operation);
    }

    /// The operations of a person that `wanted` accepts, oldest first.
    pub fn list(
        &self,
        portal: PortalId,
        owner: UserId,
        now: Timestamp,
        wanted: impl Fn(&Operation) -> bool,
    ) -> Vec<Operation> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let owned = all.get(&(portal, owner)).into_iter().flatten();
        owned.filter(|operation| operation.at.plus(DAY) > now && wanted(operation)).cloned().collect()
    }

    /// Forgets operations of a person that were fetched.
    pub fn forget(&self, portal: PortalId, owner: UserId, ids: &[String]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(owned) = all.get_mut(&(portal, owner)) {
            owned.retain(|operation| !ids.contains(&operation.id));
            if owned.is_empty() {
                all.remove(&(portal, owner));
            }
        }
    }

    /// Forgets the operations of everybody in a portal that was deleted.
    pub fn forget_portal(&self, portal: PortalId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(owner, _), _| *owner != portal);
    }

    /// Forgets what is older than a day, of everybody.
    pub fn sweep(&self, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, owned| {
            owned.retain(|operation| operation.at.plus(DAY) > now);
            !owned.is_empty()
        });
    }
}
