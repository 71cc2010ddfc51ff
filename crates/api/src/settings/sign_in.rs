//! Settings of signing in: limits on wrong passwords, what passwords must be like, how long sessions last
//! (foundation.md §2.4, §4.4).

use domain::confirm::ConfirmType;
use domain::event::SettingsEvent;
use domain::portal_settings::{self, CookieSettings, LoginSettings, PasswordPolicy};
use domain::setting::{self, Stored};
use domain::{Kind, Problem, Result, sessions};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SAVED;
use super::shape::{Change, Shown, read, write};
use crate::app::App;
use crate::body::{Body, BodyDto, Checks, NoBody};
use crate::gate::Call;
use crate::reply::Reply;
use crate::routes::{Need, Routes, Scope};
use crate::security::stay;

pub(super) fn routes(routes: Routes) -> Routes {
    const ADMIN: Need = Need::DocSpaceAdmin;
    const LOGIN: &str = "/api/2.0/settings/security/loginsettings";
    const PASSWORD: &str = "/api/2.0/settings/security/password";
    const COOKIE: &str = "/api/2.0/settings/cookiesettings";
    routes
        .get(
            LOGIN,
            "settings.login",
            ADMIN,
            Scope::Read,
            "The limit on wrong passwords",
            read::<LoginSettings>,
        )
        .put(
            LOGIN,
            "settings.set_login",
            ADMIN,
            Scope::Write,
            "Change the limit on wrong passwords",
            write::<NewLoginDto>,
        )
        .delete(
            LOGIN,
            "settings.reset_login",
            ADMIN,
            Scope::Write,
            "Bring the limit on wrong passwords back to its default",
            reset_login,
        )
        .get(
            PASSWORD,
            "settings.password",
            Need::ConfirmOrAccount(ConfirmType::ALL),
            Scope::None,
            "What passwords must be like",
            read::<PasswordPolicy>,
        )
        .put(
            PASSWORD,
            "settings.set_password",
            ADMIN,
            Scope::Write,
            "Choose what passwords must be like",
            write::<NewPasswordDto>,
        )
        .get(COOKIE, "settings.cookie", ADMIN, Scope::Read, "How long sessions last", read::<CookieSettings>)
        .put(COOKIE, "settings.set_cookie", ADMIN, Scope::Write, "Choose how long sessions last", set_cookie)
}

/// The limit on wrong passwords; times in seconds.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "LoginSettingsDto")]
pub(super) struct LoginDto {
    attempt_count: i64,
    block_time: i64,
    check_period: i64,
    is_default: bool,
}

impl Shown for LoginSettings {
    type Dto = LoginDto;

    fn show(stored: &Stored<Self>) -> LoginDto {
        LoginDto {
            attempt_count: stored.value.attempts,
            block_time: stored.value.block,
            check_period: stored.value.period,
            is_default: stored.value == Self::default(),
        }
    }
}

/// A new limit on wrong passwords.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "LoginSettingsRequestDto")]
pub(super) struct NewLoginDto {
    attempt_count: i32,
    block_time: i32,
    check_period: i32,
}

impl BodyDto for NewLoginDto {
    const NAME: &'static str = "LoginSettingsRequestDto";

    fn check(&self, checks: &mut Checks) {
        for (field, value) in [
            ("AttemptCount", self.attempt_count),
            ("BlockTime", self.block_time),
            ("CheckPeriod", self.check_period),
        ] {
            checks.range(field, Some(value.into()), LoginSettings::RANGE);
        }
    }
}

impl Change for NewLoginDto {
    type Of = LoginSettings;

    fn parse(self) -> Result<LoginSettings> {
        Ok(LoginSettings {
            attempts: self.attempt_count.into(),
            block: self.block_time.into(),
            period: self.check_period.into(),
        })
    }

    fn event(_: &LoginSettings) -> SettingsEvent {
        SettingsEvent::Login
    }
}

async fn reset_login(call: Call, app: App, _: NoBody) -> Result<Reply<LoginDto>> {
    app.write(call, |tx, call| {
        portal_settings::restore::<LoginSettings>(tx, call, SettingsEvent::Login)?;
        Ok(Reply::one(LoginSettings::show(&setting::stored(tx, call.portal.id, None)?)))
    })
    .await
}

/// What passwords must be like, and how to test that.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PasswordSettingsDto")]
pub(super) struct PasswordDto {
    min_length: i64,
    upper_case: bool,
    digits: bool,
    spec_symbols: bool,
    allowed_characters_regex_str: &'static str,
    digits_regex_str: &'static str,
    upper_case_regex_str: &'static str,
    spec_symbols_regex_str: &'static str,
}

impl Shown for PasswordPolicy {
    type Dto = PasswordDto;

    fn show(stored: &Stored<Self>) -> PasswordDto {
        PasswordDto {
            min_length: stored.value.min_length,
            upper_case: stored.value.upper_case,
            digits: stored.value.digits,
            spec_symbols: stored.value.special,
            allowed_characters_regex_str: r"[\x21-\x7E]",
            digits_regex_str: r"(?=.*\d)",
            upper_case_regex_str: "(?=.*[A-Z])",
            spec_symbols_regex_str: r"(?=.*[\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E])",
        }
    }
}

/// What passwords must be like from now on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "PasswordSettingsRequestsDto")]
pub(super) struct NewPasswordDto {
    min_length: i32,
    upper_case: bool,
    digits: bool,
    spec_symbols: bool,
}

impl BodyDto for NewPasswordDto {
    const NAME: &'static str = "PasswordSettingsRequestsDto";
    const REQUIRED: &'static [&'static str] = &["minLength"];
}

impl Change for NewPasswordDto {
    type Of = PasswordPolicy;

    fn parse(self) -> Result<PasswordPolicy> {
        let min_length = i64::from(self.min_length);
        if !PasswordPolicy::RANGE.contains(&min_length) {
            return Err(Problem::text(Kind::BadArgument, "MinLength"));
        }
        let (upper_case, digits, special) = (self.upper_case, self.digits, self.spec_symbols);
        Ok(PasswordPolicy { min_length, upper_case, digits, special })
    }

    fn event(_: &PasswordPolicy) -> SettingsEvent {
        SettingsEvent::Password
    }
}

/// How long sessions last, in minutes, and whether that holds.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CookieSettingsDto")]
pub(super) struct CookieDto {
    life_time: i64,
    enabled: bool,
}

impl Shown for CookieSettings {
    type Dto = CookieDto;

    fn show(stored: &Stored<Self>) -> CookieDto {
        CookieDto { life_time: stored.value.minutes, enabled: stored.value.enabled }
    }
}

/// How long sessions last from now on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
#[schemars(rename = "CookieSettingsRequestsDto")]
struct NewCookieDto {
    life_time: i32,
    enabled: bool,
}

impl BodyDto for NewCookieDto {
    const NAME: &'static str = "CookieSettingsRequestsDto";
}

/// Limits sessions. Those there are end with that, as they would outlast the limit; the caller's goes on in a new one.
async fn set_cookie(call: Call, app: App, Body(new): Body<NewCookieDto>) -> Result<Reply<&'static str>> {
    let minutes = i64::from(new.life_time).clamp(0, CookieSettings::MINUTES_MAX);
    let value = CookieSettings { minutes, enabled: new.enabled };
    app.write(call, move |tx, call| {
        portal_settings::change(tx, call, &value, SettingsEvent::Cookie)?;
        let reply = Reply::one(SAVED);
        if !value.enabled || value.minutes == 0 {
            return Ok(reply);
        }
        sessions::end_all(tx, call)?;
        stay(tx, call, reply)
    })
    .await
}
