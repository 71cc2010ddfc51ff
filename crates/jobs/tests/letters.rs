//! Letters, from the unit that writes them to the mail server.
#![cfg(test)]

use std::net::TcpListener;

use domain::mail::{self as letters, Letter};
use domain::people::UserKind;
use domain::time::SECOND;
use mail::{Post, Security, Server};
use testkit::{Engine, Lab};

/// Sends a letter with a link to an address.
fn send(lab: &Lab, to: &str) {
    let person = lab.person(UserKind::User, to);
    let call = lab.call(&person);
    let portal = call.portal.clone();
    let letter = Letter::to(&person, "Hello", "Come in.").with_link("Open", "https://example.org/x".into());
    lab.write(&call, move |tx| letters::send(tx, &portal, &letter)).expect("the letter");
}

/// A way to a mail server that isn't there.
fn to_nobody() -> Post {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let server = Server { host: "127.0.0.1".into(), port, security: Security::Plain, credentials: None };
    Post::to_server(server, mail::sender("a@example.org").expect("a sender")).expect("a way")
}

fn waiting(lab: &Lab) -> bool {
    lab.read(domain::jobs::next_due).expect("the queue").is_some()
}

#[test]
fn a_letter_goes_out_once_with_its_link() {
    let lab = Lab::new(Engine::Sqlite);
    send(&lab, "ada");
    let sent = lab.letters();
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].to.as_str(), sent[0].to_name.as_str()), ("ada@example.org", "ada Tester"));
    assert_eq!(sent[0].link.as_ref().map(|(_, address)| address.as_str()), Some("https://example.org/x"));
    assert_eq!(lab.letters().len(), 1);
}

#[test]
fn a_letter_waits_for_a_mail_server_that_is_not_there() {
    let mut lab = Lab::new(Engine::Sqlite);
    let there = std::mem::replace(&mut lab.means.post, to_nobody());
    send(&lab, "ada");
    lab.drain_jobs().expect("a failed letter is no failure of the queue");
    assert!(waiting(&lab));
    lab.means.post = there;
    assert!(lab.letters().is_empty(), "not before its pause is over");
    lab.advance(10 * SECOND);
    assert_eq!(lab.letters().len(), 1);
    assert!(!waiting(&lab));
}

#[test]
fn a_letter_is_given_up_after_about_three_days() {
    let mut lab = Lab::new(Engine::Sqlite);
    lab.means.post = to_nobody();
    send(&lab, "ada");
    let mut hours = 0;
    while waiting(&lab) {
        lab.drain_jobs().expect("the queue");
        lab.advance(3600 * SECOND);
        hours += 1;
        assert!(hours < 200, "it is never given up");
    }
    assert!((60..=100).contains(&hours), "{hours} h");
}

#[test]
fn a_letter_to_no_address_is_dropped() {
    let lab = Lab::new(Engine::Sqlite);
    send(&lab, "no address ");
    assert!(lab.letters().is_empty() && !waiting(&lab));
}
