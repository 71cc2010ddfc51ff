//! The form most settings have: a value that is shown, and a body that replaces it. With these two traits a setting's
//! handlers are [`read`] and [`write`].

use domain::event::SettingsEvent;
use domain::setting::{self, Setting, Stored};
use domain::{Result, portal_settings};
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::body::{Body, BodyDto, NoBody};
use crate::gate::Call;
use crate::reply::Reply;

/// A setting as it is shown.
pub(super) trait Shown: Setting + Send + Sync + 'static {
    /// Its wire form.
    type Dto: Serialize + JsonSchema + Send + 'static;
    /// Makes it.
    fn show(stored: &Stored<Self>) -> Self::Dto
    where
        Self: Sized;
}

/// A body that replaces a setting.
pub(super) trait Change: BodyDto + 'static {
    /// Which.
    type Of: Shown;
    /// The new value; refuses one that makes no sense.
    fn parse(self) -> Result<Self::Of>;
    /// What the log says of it.
    fn event(new: &Self::Of) -> SettingsEvent;
}

/// Shows a setting of the portal.
pub(super) async fn read<S: Shown>(call: Call, app: App, _: NoBody) -> Result<Reply<S::Dto>> {
    app.read(call, |conn, call| Ok(Reply::one(S::show(&setting::stored::<S>(conn, call.portal.id, None)?))))
        .await
}

/// Replaces a setting of the portal, and shows it.
pub(super) async fn write<C: Change>(
    call: Call,
    app: App,
    Body(new): Body<C>,
) -> Result<Reply<<C::Of as Shown>::Dto>> {
    let value = new.parse()?;
    app.write(call, move |tx, call| {
        portal_settings::change(tx, call, &value, C::event(&value))?;
        Ok(Reply::one(C::Of::show(&setting::stored(tx, call.portal.id, None)?)))
    })
    .await
}
