//! Accounts.

use domain::Kind::EmailTaken;
use domain::people::{self, NewPerson, Person, UserKind};
use domain::{Call, Result};
use testkit::Lab;

use crate::cast::outcome;

fn create(lab: &Lab, email: &str) -> Result<Person> {
    let portal = lab.portal();
    let new = NewPerson {
        id: None,
        kind: UserKind::User,
        email: email.into(),
        first_name: String::new(),
        last_name: String::new(),
        password_hash: None,
        status: people::ACTIVE,
        activation_status: people::ACTIVATED,
        created_by: None,
        culture: None,
    };
    lab.write(&Call::system(portal.clone()), move |tx| people::create(tx, &portal, &new))
}

testkit::on_both_engines! {
    fn address_belongs_to_one_account_whatever_its_case(lab) {
        let made = create(&lab, "Ada@Example.org").unwrap();
        assert_eq!(made.display_name(), "Ada@Example.org", "without a name, the address");
        assert_eq!(outcome(create(&lab, "aDA@example.ORG")), Some(EmailTaken));
        let portal = lab.portal();
        let found = lab.read(move |conn| people::find_by_email(conn, &portal, "ADA@EXAMPLE.ORG")).unwrap();
        assert_eq!(found.map(|person| person.id), Some(made.id));
    }

    fn login_name_comes_from_the_address_and_is_unique(lab) {
        let names: Vec<_> =
            ["Ada@a.org", "ada@b.org", "ADA@c.org"].iter().map(|email| create(&lab, email).unwrap().user_name).collect();
        assert_eq!(names, ["ada", "ada1", "ada2"]);
    }

    fn account_is_found_by_address_and_by_id(lab) {
        let made = lab.person(UserKind::User, "ada");
        for login in ["ada@example.org".to_owned(), "ADA@example.org".to_owned(), made.id.to_string(), made.id.to_string().to_uppercase()] {
            let (portal, text) = (lab.portal(), login.clone());
            let found = lab.read(move |conn| people::find_login(conn, &portal, &text)).unwrap();
            assert_eq!(found.map(|(person, hash)| (person.id, hash)), Some((made.id, None)), "{login}");
        }
        for login in ["", "ada", "bob@example.org", "00000000-0000-0000-0000-000000000000"] {
            let portal = lab.portal();
            assert!(lab.read(move |conn| people::find_login(conn, &portal, login)).unwrap().is_none(), "{login}");
        }
    }
}

#[test]
fn addresses_are_tested_loosely() {
    for (text, good) in [
        ("a@b", true),
        ("@b", false),
        ("a@", false),
        ("a@b@c", false),
        ("a", false),
        ("a@b\n", false),
        ("é@ü", true),
    ] {
        assert_eq!(people::looks_like_email(text), good, "{text:?}");
    }
}
