//! File operations (rooms.md §6).

use domain::operations::Operation;
use domain::rooms::View;
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::folder::{FolderDto, Folders};
use crate::gate::Call;

/// `status` of a completed task.
const COMPLETED: i64 = 2;

/// An operation; all of ours are finished when they are first seen.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "FileOperationDto")]
pub(crate) struct FileOperationDto {
    id: String,
    #[serde(rename = "Operation")]
    operation: i64,
    progress: i64,
    error: &'static str,
    processed: String,
    finished: bool,
    status: i64,
    folders: Option<Vec<FolderDto>>,
}

impl FileOperationDto {
    /// The operation, with the section a room was moved to, and the room while it still exists.
    pub(crate) fn of(call: &Call, operation: &Operation, room: Option<&View>) -> Self {
        let mut folders = Folders::new(call);
        let shown = operation.section.map(|root| {
            let mut shown = vec![folders.root(root)];
            shown.extend(room.map(|view| folders.room(view)));
            shown
        });
        Self {
            id: operation.id.clone(),
            operation: operation.kind as i64,
            progress: 100,
            error: "",
            processed: operation.processed.to_string(),
            finished: true,
            status: COMPLETED,
            folders: shown,
        }
    }
}
