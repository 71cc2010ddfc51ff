//! Settings that are a switch or two (foundation.md §4.4).

use domain::event::SettingsEvent;
use domain::portal_settings::{AiAccess, Banner, DeepLink, DevTools, InvitationSettings};
use domain::setting::Stored;
use domain::{Kind, Problem, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::{Change, Shown, read, write};
use crate::body::BodyDto;
use crate::routes::{Need, Routes, Scope};
use crate::wire::modified;

pub(super) fn routes(routes: Routes) -> Routes {
    const ADMIN: Need = Need::DocSpaceAdmin;
    const INVITATIONS: &str = "/api/2.0/settings/invitationsettings";
    const DEV_TOOLS: &str = "/api/2.0/settings/devtoolsaccess";
    const BANNER: &str = "/api/2.0/settings/banner";
    const AI: &str = "/api/2.0/settings/ai-access";
    const DEEP_LINK: &str = "/api/2.0/settings/deeplink";
    routes
        .get(
            INVITATIONS,
            "settings.invitations",
            Need::Anyone,
            Scope::Read,
            "Who may be invited",
            read::<InvitationSettings>,
        )
        .put(
            INVITATIONS,
            "settings.set_invitations",
            ADMIN,
            Scope::Write,
            "Choose who may be invited",
            write::<NewInvitationsDto>,
        )
        .get(
            DEV_TOOLS,
            "settings.dev_tools",
            Need::Guest,
            Scope::Read,
            "Whether API keys are for administrators alone",
            read::<DevTools>,
        )
        .post(
            DEV_TOOLS,
            "settings.set_dev_tools",
            ADMIN,
            Scope::Write,
            "Choose whether API keys are for administrators alone",
            write::<NewDevToolsDto>,
        )
        .get(
            BANNER,
            "settings.banner",
            Need::Guest,
            Scope::Read,
            "Whether banners are hidden",
            read::<Banner>,
        )
        .post(BANNER, "settings.set_banner", ADMIN, Scope::Write, "Hide banners", write::<NewBannerDto>)
        .get(AI, "settings.ai", Need::Guest, Scope::Read, "Whether AI is offered", read::<AiAccess>)
        .post(AI, "settings.set_ai", ADMIN, Scope::Write, "Offer AI or not", write::<NewAiDto>)
        .get(
            DEEP_LINK,
            "settings.deep_link",
            Need::Anyone,
            Scope::Read,
            "Where links open on telephones",
            read::<DeepLink>,
        )
        .post(
            DEEP_LINK,
            "settings.set_deep_link",
            ADMIN,
            Scope::Write,
            "Choose where links open on telephones",
            write::<NewDeepLinkDto>,
        )
}

/// Who may be invited.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantUserInvitationSettings")]
pub(super) struct InvitationsDto {
    allow_inviting_members: bool,
    allow_inviting_guests: bool,
    last_modified: String,
}

impl Shown for InvitationSettings {
    type Dto = InvitationsDto;

    fn show(stored: &Stored<Self>) -> InvitationsDto {
        InvitationsDto {
            allow_inviting_members: stored.value.allow_inviting_members,
            allow_inviting_guests: stored.value.allow_inviting_guests,
            last_modified: modified(stored),
        }
    }
}

/// Who may be invited from now on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TenantUserInvitationSettingsRequestDto")]
pub(super) struct NewInvitationsDto {
    allow_inviting_members: bool,
    allow_inviting_guests: bool,
}

impl BodyDto for NewInvitationsDto {
    const NAME: &'static str = "TenantUserInvitationSettingsRequestDto";
}

impl Change for NewInvitationsDto {
    type Of = InvitationSettings;

    fn parse(self) -> Result<InvitationSettings> {
        let (allow_inviting_members, allow_inviting_guests) =
            (self.allow_inviting_members, self.allow_inviting_guests);
        Ok(InvitationSettings { allow_inviting_members, allow_inviting_guests })
    }

    fn event(_: &InvitationSettings) -> SettingsEvent {
        SettingsEvent::Invitations
    }
}

/// Whether API keys are for administrators alone.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantDevToolsAccessSettings")]
pub(super) struct DevToolsDto {
    limited_access_for_users: bool,
    last_modified: String,
}

impl Shown for DevTools {
    type Dto = DevToolsDto;

    fn show(stored: &Stored<Self>) -> DevToolsDto {
        DevToolsDto { limited_access_for_users: stored.value.limited, last_modified: modified(stored) }
    }
}

/// Whether API keys are for administrators alone from now on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "TenantDevToolsAccessSettingsDto")]
pub(super) struct NewDevToolsDto {
    limited_access_for_users: bool,
}

impl BodyDto for NewDevToolsDto {
    const NAME: &'static str = "TenantDevToolsAccessSettingsDto";
}

impl Change for NewDevToolsDto {
    type Of = DevTools;

    fn parse(self) -> Result<DevTools> {
        Ok(DevTools { limited: self.limited_access_for_users })
    }

    fn event(_: &DevTools) -> SettingsEvent {
        SettingsEvent::DevTools
    }
}

/// Whether banners are hidden.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantBannerSettings")]
pub(super) struct BannerDto {
    hidden: bool,
    last_modified: String,
}

impl Shown for Banner {
    type Dto = BannerDto;

    fn show(stored: &Stored<Self>) -> BannerDto {
        BannerDto { hidden: stored.value.hidden, last_modified: modified(stored) }
    }
}

/// Whether banners are hidden from now on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "TenantBannerSettingsDto")]
pub(super) struct NewBannerDto {
    hidden: bool,
}

impl BodyDto for NewBannerDto {
    const NAME: &'static str = "TenantBannerSettingsDto";
}

impl Change for NewBannerDto {
    type Of = Banner;

    fn parse(self) -> Result<Banner> {
        Ok(Banner { hidden: self.hidden })
    }

    fn event(_: &Banner) -> SettingsEvent {
        SettingsEvent::Banner
    }
}

/// Whether AI is offered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantAiAccessSettings")]
pub(super) struct AiDto {
    enabled: bool,
    last_modified: String,
}

impl Shown for AiAccess {
    type Dto = AiDto;

    fn show(stored: &Stored<Self>) -> AiDto {
        AiDto { enabled: stored.value.enabled, last_modified: modified(stored) }
    }
}

/// Whether AI is offered from now on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "TenantAiAccessSettingsDto")]
pub(super) struct NewAiDto {
    enabled: bool,
}

impl BodyDto for NewAiDto {
    const NAME: &'static str = "TenantAiAccessSettingsDto";
}

impl Change for NewAiDto {
    type Of = AiAccess;

    fn parse(self) -> Result<AiAccess> {
        Ok(AiAccess { enabled: self.enabled })
    }

    fn event(new: &AiAccess) -> SettingsEvent {
        if new.enabled { SettingsEvent::AiOn } else { SettingsEvent::AiOff }
    }
}

/// Where links open on telephones.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TenantDeepLinkSettings")]
pub(super) struct DeepLinkDto {
    handling_mode: i64,
    last_modified: String,
}

impl Shown for DeepLink {
    type Dto = DeepLinkDto;

    fn show(stored: &Stored<Self>) -> DeepLinkDto {
        DeepLinkDto { handling_mode: stored.value.mode, last_modified: modified(stored) }
    }
}

/// Where links open on telephones from now on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "DeepLinkConfigurationRequestsDto")]
pub(super) struct NewDeepLinkDto {
    deep_link_settings: NewModeDto,
}

/// 0 the user chooses, 1 in the browser, 2 in the application.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "NewDeepLinkSettings")]
struct NewModeDto {
    handling_mode: i32,
}

impl BodyDto for NewDeepLinkDto {
    const NAME: &'static str = "DeepLinkConfigurationRequestsDto";
    const REQUIRED: &'static [&'static str] = &["deepLinkSettings"];
}

impl Change for NewDeepLinkDto {
    type Of = DeepLink;

    fn parse(self) -> Result<DeepLink> {
        let mode = self.deep_link_settings.handling_mode;
        if !(0..=2).contains(&mode) {
            return Err(Problem::text(Kind::BadArgument, "HandlingMode"));
        }
        Ok(DeepLink { mode: mode.into() })
    }

    fn event(_: &DeepLink) -> SettingsEvent {
        SettingsEvent::DeepLink
    }
}
