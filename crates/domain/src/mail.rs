//! Letters: what is to be sent by mail. A letter is a job in the queue, written by the unit that makes it necessary;
//! whether and how it reaches a mail server is none of the unit's business, so no call fails for lack of one.

use serde::{Deserialize, Serialize};

use crate::people::Person;
use crate::portals::Portal;
use crate::store::Tx;
use crate::{Problem, Result, jobs};

/// The job that sends a letter; its payload is the [`Letter`] as JSON.
pub const SEND: &str = "mail.send";

/// A letter. Its text is plain; the link, if there is one, stands on a line of its own below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The recipient's address.
    pub to: String,
    /// The recipient's name; empty when it isn't known.
    pub to_name: String,
    /// The subject.
    pub subject: String,
    /// The text, paragraphs parted by an empty line.
    pub text: String,
    /// What the recipient is to open: the words on the button and the address.
    pub link: Option<(String, String)>,
}

impl Letter {
    /// A letter to an account.
    pub fn to(person: &Person, subject: impl Into<String>, text: impl Into<String>) -> Self {
        let named = !(person.first_name.is_empty() && person.last_name.is_empty());
        let to_name = if named { person.display_name() } else { String::new() };
        Self { to: person.email.clone(), to_name, subject: subject.into(), text: text.into(), link: None }
    }

    /// The same with something to open.
    #[must_use]
    pub fn with_link(mut self, words: &str, address: String) -> Self {
        self.link = Some((words.to_owned(), address));
        self
    }
}

/// Sends a letter, once the unit is committed.
pub fn send(tx: &mut Tx<'_>, portal: &Portal, letter: &Letter) -> Result<()> {
    let payload = serde_json::to_string(letter).map_err(Problem::internal)?;
    let now = tx.now();
    jobs::put(tx, portal.id, SEND, &payload, now)
}
