//! The modules of a portal (foundation.md §4.8). The reference had several; here the rooms are the only one, and nobody
//! who is let into the portal is kept out of it.

use uuid::Uuid;

use crate::ids::ModuleId;
use crate::{Kind, Result};

/// The module of rooms and documents, under the id that clients know it by.
const ROOMS: Uuid = Uuid::from_u128(0xe67b_e73d_f9ae_4ce1_8fec_1880_cb51_8cb4);

/// The module there is.
pub fn rooms() -> ModuleId {
    ModuleId::new(ROOMS)
}

/// Leaves a module as it is: open to everybody. That is all it can be.
///
/// Fails with `ModuleNotFound`, or with `ModuleOpen` when it is to be anything else.
pub fn set_open(module: ModuleId, open: bool, to_some_alone: bool) -> Result<()> {
    if module != rooms() {
        return Err(Kind::ModuleNotFound.into());
    }
    if open && !to_some_alone { Ok(()) } else { Err(Kind::ModuleOpen.into()) }
}
