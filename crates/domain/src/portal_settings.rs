//! What a portal is set to, where no other noun is the setting's own (foundation.md §4.4): one type for each, whose
//! default is what holds until an administrator changes it.

use serde::{Deserialize, Serialize};

use crate::setting::Setting;

/// Whom members may bring in (`settings/invitationsettings`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationSettings {
    /// Whether accounts may be invited to the portal.
    pub allow_inviting_members: bool,
    /// Whether guests may be invited to rooms.
    pub allow_inviting_guests: bool,
}

impl Default for InvitationSettings {
    fn default() -> Self {
        Self { allow_inviting_members: true, allow_inviting_guests: true }
    }
}

impl Setting for InvitationSettings {
    const NAME: &'static str = "invitations";
}
