//! The second factor: an app is bound by its first code, codes are checked, backup codes are spent.

use domain::confirm::ConfirmType;
use domain::people::Person;
use domain::portal_settings::TfaSettings;
use domain::tfa::{self, Checked, Choice};
use domain::time::SECOND;
use domain::{Kind, Result};
use testkit::Lab;

use crate::cast::{Cast, audited_by};

fn choose(lab: &Lab, by: &Person, choice: Choice, settings: &TfaSettings) -> Result<bool> {
    let (call, settings) = (lab.call(by), settings.clone());
    lab.write(&call.clone(), move |tx| tfa::configure(tx, &call, choice, None, &settings))
}

fn secret(lab: &Lab, person: &Person) -> Result<String> {
    let (call, id) = (lab.call(person), person.id);
    lab.write(&call.clone(), move |tx| tfa::secret(tx, &call.portal, id))
}

fn check(lab: &Lab, person: &Person, code: &str) -> Result<Checked> {
    let (call, id, code) = (lab.call(person), person.id, code.to_owned());
    lab.write(&call.clone(), move |tx| tfa::check(tx, &call.portal, id, &code))
}

fn kind<T: std::fmt::Debug>(result: Result<T>) -> Kind {
    result.expect_err("a refusal").kind()
}

testkit::on_both_engines! {
    fn an_app_is_bound_by_its_first_code(lab) {
        let cast = Cast::of(&lab);
        assert_eq!(kind(secret(&lab, &cast.user)), Kind::TfaUnavailable);
        assert_eq!(kind(check(&lab, &cast.user, "000000")), Kind::TfaUnavailable);
        assert_eq!(audited_by(&lab, || assert!(choose(&lab, &cast.admin, Choice::App, &TfaSettings::default()).unwrap())), [6038]);
        assert_eq!(check(&lab, &cast.user, "000000").unwrap(), Checked::Wrong);
        let text = secret(&lab, &cast.user).unwrap();
        assert_eq!(secret(&lab, &cast.user).unwrap(), text, "it stays until it is bound");
        let code = tfa::current_code(&text, lab.now()).unwrap();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        assert_eq!(check(&lab, &cast.user, wrong).unwrap(), Checked::Wrong);
        assert_eq!(audited_by(&lab, || assert_eq!(check(&lab, &cast.user, &code).unwrap(), Checked::Bound)), [4032]);
        assert_eq!(kind(secret(&lab, &cast.user)), Kind::TfaUnavailable, "and is not shown again");
        lab.advance(120 * SECOND);
        assert_eq!(check(&lab, &cast.user, &code).unwrap(), Checked::Wrong, "its time is over");
        let code = tfa::current_code(&text, lab.now()).unwrap();
        assert_eq!(check(&lab, &cast.user, &code).unwrap(), Checked::Good);
    }

    fn a_backup_code_is_good_once(lab) {
        let cast = Cast::of(&lab);
        choose(&lab, &cast.admin, Choice::App, &TfaSettings::default()).unwrap();
        let text = secret(&lab, &cast.user).unwrap();
        check(&lab, &cast.user, &tfa::current_code(&text, lab.now()).unwrap()).unwrap();
        let call = lab.call(&cast.user);
        let codes = lab.read(move |conn| tfa::codes(conn, &call)).unwrap();
        assert_eq!((codes.len(), codes[0].code.len()), (tfa::CODES, tfa::CODE_LENGTH));
        assert_eq!(check(&lab, &cast.user, &codes[0].code.to_uppercase()).unwrap(), Checked::Good);
        assert_eq!(check(&lab, &cast.user, &codes[0].code).unwrap(), Checked::Wrong);
        let call = lab.call(&cast.user);
        let new = lab.write(&call.clone(), move |tx| tfa::new_codes(tx, &call)).unwrap();
        assert_eq!(check(&lab, &cast.user, &codes[1].code).unwrap(), Checked::Wrong, "the old ones are void");
        assert_eq!(check(&lab, &cast.user, &new[1].code).unwrap(), Checked::Good);
    }

    fn trusted_addresses_spare_all_but_the_mandatory(lab) {
        let cast = Cast::of(&lab);
        let settings = TfaSettings {
            trusted_ips: vec!["10.0.0.0/8".into()],
            mandatory_users: vec![cast.user.id],
            ..TfaSettings::default()
        };
        choose(&lab, &cast.admin, Choice::App, &settings).unwrap();
        let asked = |person: &Person, ip: &'static str| {
            let (portal, person) = (lab.portal(), person.clone());
            lab.read(move |conn| tfa::is_asked(conn, &portal, &person, ip)).unwrap()
        };
        assert!(asked(&cast.guest, "8.8.8.8") && !asked(&cast.guest, "10.1.1.1"));
        assert!(asked(&cast.user, "10.1.1.1"));
    }

    fn the_step_is_to_bind_and_then_to_give_codes(lab) {
        let cast = Cast::of(&lab);
        let step = |lab: &Lab| {
            let (call, person) = (lab.call(&cast.user), cast.user.clone());
            lab.write(&call.clone(), move |tx| tfa::step(tx, &call.portal, &person, "8.8.8.8")).unwrap()
        };
        assert_eq!(step(&lab), None);
        choose(&lab, &cast.admin, Choice::App, &TfaSettings::default()).unwrap();
        assert_eq!(step(&lab).map(|step| step.kind), Some(ConfirmType::TfaActivation));
        let text = secret(&lab, &cast.user).unwrap();
        check(&lab, &cast.user, &tfa::current_code(&text, lab.now()).unwrap()).unwrap();
        assert_eq!(step(&lab).map(|step| step.kind), Some(ConfirmType::TfaAuth));
        let (call, id) = (lab.call(&cast.user), cast.user.id);
        let unbound = audited_by(&lab, || lab.write(&call.clone(), move |tx| tfa::unbind(tx, &call, id)).unwrap());
        assert_eq!(unbound, [4033]);
        assert_eq!(step(&lab).map(|step| step.kind), Some(ConfirmType::TfaActivation));
    }

    fn choosing_is_refused_where_it_should_be(lab) {
        let cast = Cast::of(&lab);
        let (owner, other) = (lab.set_up(), cast.admin.clone());
        assert_eq!(kind(choose(&lab, &owner, Choice::Sms, &TfaSettings::default())), Kind::SmsUnavailable);
        let of_owner = TfaSettings { mandatory_users: vec![owner.id], ..TfaSettings::default() };
        assert_eq!(kind(choose(&lab, &other, Choice::App, &of_owner)), Kind::AccessDenied);
        assert!(choose(&lab, &owner, Choice::App, &of_owner).unwrap());
        let bad = TfaSettings { trusted_ips: vec!["ten".into()], ..TfaSettings::default() };
        assert_eq!(kind(choose(&lab, &owner, Choice::App, &bad)), Kind::BadArgument);
        assert!(!choose(&lab, &other, Choice::None, &TfaSettings::default()).unwrap());
        let call = lab.call(&cast.user);
        let id = cast.guest.id;
        assert_eq!(kind(lab.write(&call.clone(), move |tx| tfa::unbind(tx, &call, id))), Kind::NotYours);
    }
}
