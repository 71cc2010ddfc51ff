//! Codes of a second factor: counted by account, so that they can't be guessed (foundation.md §2.3, §2.7).

use domain::event::SignInFailure;
use domain::people::Person;
use domain::sessions::attempts::Trier;
use domain::tfa::{self, Checked};
use domain::{Kind, Result, Tx, sessions};
use serde::Serialize;

use crate::app::App;
use crate::gate::Call;
use crate::reply::Reply;

/// Checks a code and, if it is good, goes on with it in the same unit. A wrong one is counted and logged.
///
/// Fails with `wrong` for a wrong code, with `TooManyAttempts`, and as [`tfa::check`] does.
pub(crate) async fn with_code<T: Serialize + Send + 'static>(
    app: &App,
    call: Call,
    person: Person,
    code: String,
    wrong: Kind,
    then: impl Fn(&mut Tx<'_>, &Call, Checked) -> Result<Reply<T>> + Send + 'static,
) -> Result<Reply<T>> {
    let who = Trier::code(call.portal.id, person.id);
    let limits = app.rules(call.portal.id).await?.login.code_limits();
    let turn = app.passwords().turn(who.as_str());
    let _held = turn.lock().await;
    if !app.attempts().may_try(limits, &who, app.store().now()) {
        return Err(Kind::TooManyAttempts.into());
    }
    let noted = call.clone();
    let user = person.id;
    let outcome = app
        .write(call, move |tx, call| match tfa::check(tx, &call.portal, user, &code)? {
            Checked::Wrong => Err(Kind::CodeWrong.into()),
            checked => then(tx, call, checked),
        })
        .await;
    match outcome {
        Err(problem) if problem.kind() == Kind::CodeWrong => {
            app.attempts().fail(&who, app.store().now());
            let login = person.email;
            let unit = move |tx: &mut Tx<'_>, _: &Call| {
                sessions::note_failure(tx, Some(user), &login, SignInFailure::Code)
            };
            app.note(noted, unit).await?;
            Err(wrong.into())
        }
        other => other,
    }
}
