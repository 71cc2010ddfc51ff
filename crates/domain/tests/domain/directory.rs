//! Lists of people: what each query finds, for whom.

use std::collections::HashMap;

use db::{args, sql};
use domain::Kind::{AccessDenied, ItemNotFound, PersonNotVisible, UserNotFound};
use domain::groups::{self, NewGroup};
use domain::ids::{EntryId, GroupId, UserId};
use domain::people::{self, Area, Audience, Filter, NewPerson, Person, Sort, UserKind, Words};
use domain::{Call, Result};
use testkit::Lab;

use crate::cast::{outcome, room, share};

/// A dozen accounts of every type and status, two groups, and who invited whom.
struct Town {
    people: HashMap<&'static str, Person>,
    names: HashMap<UserId, &'static str>,
    smiths: GroupId,
}

/// Name, type, status, activation, who invited.
const TOWN: &[(&str, UserKind, i64, i64, &str)] = &[
    ("Ada", UserKind::DocSpaceAdmin, 1, 1, "Olive"),
    ("Bert", UserKind::DocSpaceAdmin, 2, 1, "Olive"),
    ("Carl", UserKind::RoomAdmin, 1, 1, "Olive"),
    ("Dora", UserKind::RoomAdmin, 1, 2, "Ada"),
    ("Emil", UserKind::RoomAdmin, 2, 1, "Ada"),
    ("Fritz", UserKind::User, 1, 1, "Carl"),
    ("Gerda", UserKind::User, 4, 2, "Carl"),
    ("Hugo", UserKind::User, 2, 0, "Carl"),
    ("Ida", UserKind::Guest, 1, 1, "Carl"),
    ("Jan", UserKind::Guest, 1, 1, "Dora"),
    ("Karla", UserKind::Guest, 4, 2, "Dora"),
];

impl Town {
    fn of(lab: &Lab) -> Self {
        let owner = lab.set_up();
        let mut people = HashMap::from([("Olive", owner)]);
        for (name, kind, status, activation, inviter) in TOWN {
            let (portal, inviter) = (lab.portal(), people[inviter].id);
            let new = NewPerson {
                id: None,
                kind: *kind,
                email: format!(
                    "{}@{}.example",
                    name.to_lowercase(),
                    if name.len() > 4 { "long" } else { "short" }
                ),
                first_name: (*name).to_owned(),
                last_name: format!("Z{}", name.chars().rev().collect::<String>()),
                password_hash: None,
                status: *status,
                activation_status: *activation,
                created_by: Some(inviter),
                culture: None,
            };
            let made = lab.write(&Call::system(portal.clone()), move |tx| {
                let person = people::create(tx, &portal, &new)?;
                people::relate(tx, portal.id, inviter, person.id)?;
                tx.exec(
                    sql!("update person set quota = 5, location = 'Ärzen' where portal_id = $1 and first_name = 'Dora'"),
                    args![portal.id],
                )?;
                Ok(person)
            });
            people.insert(name, made.unwrap());
        }
        let names = people.iter().map(|(name, person)| (person.id, *name)).collect();
        let mut town =
            Self { people, names, smiths: "00000000-0000-4000-8000-000000000001".parse().unwrap() };
        town.smiths = town.group(lab, "Smiths", Some("Carl"), &["Fritz", "Hugo"]);
        town.group(lab, "Bakers", None, &["Fritz", "Dora"]);
        town.people.get_mut("Hugo").unwrap().status = 2;
        town
    }

    fn call(&self, lab: &Lab, name: &str) -> Call {
        lab.call(&self.people[name])
    }

    fn group(&self, lab: &Lab, name: &str, manager: Option<&str>, members: &[&str]) -> GroupId {
        let call = self.call(lab, "Olive");
        // Who is terminated afterwards stays a member.
        let members: Vec<UserId> = members.iter().map(|name| self.people[name].id).collect();
        let new = NewGroup {
            name: name.to_owned(),
            manager: manager.map(|name| self.people[name].id),
            members: Vec::new(),
        };
        let made = lab.write(&call.clone(), move |tx| {
            let view = groups::create(tx, &call, &new)?;
            for user in &members {
                tx.exec(
                    sql!("insert into group_member (portal_id, group_id, user_id) values ($1, $2, $3)"),
                    args![call.portal.id, view.group.id, *user],
                )?;
            }
            Ok(view.group.id)
        });
        made.unwrap()
    }

    fn list(&self, lab: &Lab, viewer: &str, filter: Filter) -> (String, i64) {
        let call = self.call(lab, viewer);
        let page = lab.read(move |conn| people::list(conn, &call, &filter)).unwrap();
        (self.named(&page.people.iter().map(|profile| profile.person.id).collect::<Vec<_>>()), page.total)
    }

    fn named(&self, ids: &[UserId]) -> String {
        ids.iter().map(|id| self.names[id]).collect::<Vec<_>>().join(" ")
    }

    fn audience(&self, lab: &Lab, viewer: &str, room: EntryId, audience: Audience) -> Result<String> {
        let call = self.call(lab, viewer);
        let page = lab.read(move |conn| people::of_room(conn, &call, room, &audience))?;
        assert_eq!(i64::try_from(page.people.len()).unwrap(), page.total);
        let shown = page.people.iter().map(|profile| {
            let mark = if profile.shared == Some(true) { "+" } else { "" };
            format!("{mark}{}", self.names[&profile.person.id])
        });
        Ok(shown.collect::<Vec<_>>().join(" "))
    }
}

fn any() -> Filter {
    Filter { count: 100, ..Filter::default() }
}

fn text(text: &str) -> Filter {
    Filter { words: Words::of(text, None), ..any() }
}

testkit::on_both_engines! {
    fn every_filter_finds_whom_it_should(lab) {
        let town = Town::of(&lab);
        let group = Some(town.smiths);
        let someone = |name: &str| Some(town.people[name].id);
        // What is wanted, whom an administrator finds, whom the room administrator Carl finds.
        let table: Vec<(&str, Filter, &str, &str)> = vec![
            ("nothing said", any(),
                "Ada Carl Dora Fritz Ida Jan Olive Gerda Karla Bert Emil Hugo",
                "Ada Carl Dora Fritz Ida Olive Gerda"),
            ("status 1", Filter { status: Some(1), ..any() },
                "Ada Carl Dora Fritz Ida Jan Olive", "Ada Carl Dora Fritz Ida Olive"),
            ("status 5", Filter { status: Some(5), ..any() },
                "Ada Carl Dora Fritz Ida Jan Olive", "Ada Carl Dora Fritz Ida Olive"),
            ("status 4", Filter { status: Some(4), ..any() }, "Gerda Karla", "Gerda"),
            ("status 2", Filter { status: Some(2), ..any() }, "Bert Emil Hugo", ""),
            ("status 7", Filter { status: Some(7), ..any() },
                "Ada Carl Dora Fritz Ida Jan Olive Gerda Karla Bert Emil Hugo",
                "Ada Carl Dora Fritz Ida Olive Gerda"),
            ("activation", Filter { activation_status: Some(2), ..any() }, "Dora Gerda Karla", "Dora Gerda"),
            ("group", Filter { group, ..any() }, "Carl Fritz Hugo", "Carl Fritz"),
            ("not the group", Filter { group, exclude_group: true, ..any() },
                "Ada Dora Ida Jan Olive Gerda Karla Bert Emil", "Ada Dora Ida Olive Gerda"),
            ("no group", Filter { group, without_group: true, ..any() },
                "Ada Ida Jan Olive Gerda Karla Bert Emil", "Ada Ida Olive Gerda"),
            ("admins", Filter { kind: Some(3), ..any() }, "Ada Olive Bert", "Ada Olive"),
            ("room admins", Filter { kind: Some(1), ..any() }, "Carl Dora Emil", "Carl Dora"),
            ("users", Filter { kind: Some(4), ..any() }, "Fritz Gerda Hugo", "Fritz Gerda"),
            ("guests", Filter { kind: Some(2), ..any() }, "Ida Jan Karla", "Ida"),
            ("any type", Filter { kind: Some(0), kinds: vec![2], ..any() },
                "Ada Carl Dora Fritz Ida Jan Olive Gerda Karla Bert Emil Hugo",
                "Ada Carl Dora Fritz Ida Olive Gerda"),
            ("type before types", Filter { kind: Some(4), kinds: vec![2], ..any() }, "Fritz Gerda Hugo", "Fritz Gerda"),
            ("types", Filter { kinds: vec![1, 2], ..any() }, "Carl Dora Ida Jan Karla Emil", "Carl Dora Ida"),
            ("types beside a group", Filter { kinds: vec![4], group, ..any() }, "Carl Fritz Hugo", "Carl Fritz"),
            ("types beside payments", Filter { kinds: vec![2], paid: Some(false), ..any() },
                "Fritz Ida Jan Gerda Karla Hugo", "Fritz Ida Gerda"),
            ("types beside guests", Filter { kinds: vec![4], area: Area::Guests, ..any() }, "Ida Jan Karla", "Ida"),
            ("guest among people", Filter { kind: Some(2), area: Area::People, ..any() },
                "Ada Carl Dora Fritz Olive Gerda Bert Emil Hugo", "Ada Carl Dora Fritz Olive Gerda"),
            ("user among guests", Filter { kind: Some(4), area: Area::Guests, ..any() }, "Ida Jan Karla", "Ida"),
            ("administrators", Filter { administrators: true, kinds: vec![4], ..any() }, "Ada Olive Bert", "Ada Olive"),
            ("paid", Filter { paid: Some(true), ..any() }, "Ada Carl Dora Olive Bert Emil", "Ada Carl Dora Olive"),
            ("foreign login", Filter { foreign_login: true, ..any() }, "", ""),
            ("own quota", Filter { own_quota: Some(true), ..any() }, "Dora", "Ada Carl Dora Fritz Ida Olive Gerda"),
            ("no own quota", Filter { own_quota: Some(false), kind: Some(1), ..any() }, "Carl Emil", "Carl Dora"),
            ("people", Filter { area: Area::People, status: Some(1), ..any() },
                "Ada Carl Dora Fritz Olive", "Ada Carl Dora Fritz Olive"),
            ("inviter", Filter { inviter: someone("Carl"), ..any() }, "Fritz Ida Gerda Hugo", "Fritz Ida Gerda"),
            ("inviter of others' guests", Filter { inviter: someone("Dora"), ..any() }, "Jan Karla", ""),
            ("word", text("  dORA "), "Dora", "Dora"),
            ("word in a last name", text("zad"), "Ada Ida Gerda", "Ada Ida Gerda"),
            ("words", text("long ri"), "Fritz", "Fritz"),
            ("no wildcard", text("%"), "", ""),
            ("parts", Filter { words: Words::of("ada,carl", Some(",")), ..any() }, "Ada Carl", "Ada Carl"),
        ];
        for (query, filter, admin, carl) in table {
            for (viewer, wanted) in [("Ada", admin), ("Carl", carl)] {
                let (found, total) = town.list(&lab, viewer, filter.clone());
                assert_eq!((found.as_str(), total), (wanted, i64::try_from(wanted.split_whitespace().count()).unwrap()), "{query}, {viewer}");
            }
        }
    }

    fn every_order_is_kept_both_ways(lab) {
        let town = Town::of(&lab);
        for (name, up, down) in [
            ("firstname", "Ada Carl Dora Fritz Ida Jan Olive Gerda Karla Bert Emil Hugo",
                "Olive Jan Ida Fritz Dora Carl Ada Karla Gerda Hugo Emil Bert"),
            ("LastName", "Olive Ada Ida Dora Carl Jan Fritz Gerda Karla Emil Hugo Bert",
                "Fritz Jan Carl Dora Ida Ada Olive Karla Gerda Bert Hugo Emil"),
            ("Type", "Olive Ada Bert Carl Dora Emil Fritz Gerda Hugo Ida Jan Karla",
                "Ida Jan Karla Fritz Gerda Hugo Carl Dora Emil Ada Bert Olive"),
            ("email", "Ada Bert Carl Dora Emil Fritz Gerda Hugo Ida Jan Karla Olive",
                "Olive Karla Jan Ida Hugo Gerda Fritz Emil Dora Carl Bert Ada"),
            ("Department", "Ada Bert Emil Gerda Ida Jan Karla Olive Carl Dora Hugo Fritz",
                "Fritz Carl Dora Hugo Ada Bert Emil Gerda Ida Jan Karla Olive"),
            ("CreatedBy", "Olive Dora Emil Fritz Gerda Hugo Ida Jan Karla Ada Bert Carl",
                "Ada Bert Carl Jan Karla Fritz Gerda Hugo Ida Dora Emil Olive"),
            ("UsedSpace", "Ada Bert Carl Dora Emil Fritz Gerda Hugo Ida Jan Karla Olive",
                "Ada Bert Carl Dora Emil Fritz Gerda Hugo Ida Jan Karla Olive"),
            ("no such order", "Ada Carl Dora Fritz Ida Jan Olive Gerda Karla Bert Emil Hugo",
                "Olive Jan Ida Fritz Dora Carl Ada Karla Gerda Hugo Emil Bert"),
        ] {
            for (descending, wanted) in [(false, up), (true, down)] {
                let filter = Filter { sort: Sort::of(name), descending, ..any() };
                assert_eq!(town.list(&lab, "Ada", filter).0, wanted, "{name}, descending {descending}");
            }
        }
        let page = |start| Filter { count: 2, start, ..any() };
        assert_eq!(town.list(&lab, "Ada", page(1)), ("Carl Dora".to_owned(), 12));
        assert_eq!(town.list(&lab, "Ada", page(12)), (String::new(), 12));
    }

    fn words_are_looked_for_in_active_profiles(lab) {
        let town = Town::of(&lab);
        let call = town.call(&lab, "Ada");
        for (words, group, wanted) in [
            ("", None, ""), ("d", None, ""), ("dora z", None, ""), ("DORA", None, "Dora"), ("ärz", None, "Dora"),
            ("long", None, "Fritz"), ("emil", None, ""), ("example", Some(town.smiths), "Carl Fritz"),
            ("short zlr", None, "Carl"),
        ] {
            let (call, text) = (call.clone(), words.to_owned());
            let found = lab.read(move |conn| people::by_words(conn, &call, &text, group)).unwrap();
            let ids: Vec<UserId> = found.iter().map(|profile| profile.person.id).collect();
            assert_eq!(town.named(&ids), wanted, "{words:?}");
        }
        for (statuses, text, wanted) in
            [(1, "EXAMPLE", "Ada Carl Dora Fritz Ida Jan Olive"), (2, "long", ""), (2, "em", "Emil"), (7, "ert", "Bert"), (5, "erd", "Gerda")]
        {
            let call = call.clone();
            let found = lab.read(move |conn| people::by_status(conn, &call, statuses, text, None)).unwrap();
            let ids: Vec<UserId> = found.iter().map(|profile| profile.person.id).collect();
            assert_eq!(town.named(&ids).replace(" Olive", "").replace("Olive", ""), wanted.replace(" Olive", ""), "{text}");
        }
    }

    fn people_beside_a_room_say_whether_they_have_it(lab) {
        let town = Town::of(&lab);
        let id = room(&lab, &town.people["Carl"], "Room");
        share(&lab, id, &town.people["Fritz"], 2);
        share(&lab, id, &town.people["Jan"], 2);
        share(&lab, id, &town.people["Ida"], 2);
        let all = || Audience { count: 100, ..Audience::default() };
        let everybody = "Hugo Ada Bert +Carl Emil +Fritz +Ida +Jan Olive Dora Gerda Karla";
        assert_eq!(town.audience(&lab, "Ada", id, all()).unwrap(), everybody);
        // Carl is related to Ida; Jan has the room; Karla is neither.
        assert_eq!(town.audience(&lab, "Carl", id, all()).unwrap(), everybody.replace(" Karla", ""));
        assert_eq!(town.audience(&lab, "Fritz", id, all()).unwrap(), everybody.replace(" Karla", ""));
        let shared = |shared| Audience { shared: Some(shared), ..all() };
        assert_eq!(town.audience(&lab, "Carl", id, shared(true)).unwrap(), "+Carl +Fritz +Ida +Jan");
        assert_eq!(
            town.audience(&lab, "Carl", id, shared(false)).unwrap(), "Hugo Ada Bert Emil Olive Dora Gerda"
        );
        let status = |status| Audience { status: Some(status), ..all() };
        assert_eq!(town.audience(&lab, "Carl", id, status(4)).unwrap(), "Gerda");
        assert_eq!(town.audience(&lab, "Carl", id, status(5)).unwrap(), "", "no flags here");
        let kinds = |kinds: &[i64]| Audience { kinds: kinds.to_vec(), ..all() };
        assert_eq!(town.audience(&lab, "Carl", id, kinds(&[1, 2])).unwrap(), "+Carl Emil +Ida +Jan Dora");
        assert_eq!(
            town.audience(&lab, "Ada", id, kinds(&[2])).unwrap(), everybody, "no effect without room administrators"
        );
        assert_eq!(
            town.audience(&lab, "Carl", id, Audience { area: Area::Guests, ..all() }).unwrap(), "+Ida +Jan"
        );
        assert_eq!(outcome(town.audience(&lab, "Dora", id, all())), Some(AccessDenied));
        assert_eq!(outcome(town.audience(&lab, "Ada", EntryId(999_999), all())), Some(ItemNotFound));
    }

    fn a_profile_is_shown_to_whom_it_may_be(lab) {
        let town = Town::of(&lab);
        for (viewer, person, refusal) in [
            ("Olive", "Karla", None), ("Ada", "Karla", None), ("Carl", "Fritz", None), ("Carl", "Ida", None),
            ("Carl", "Jan", Some(PersonNotVisible)), ("Fritz", "Carl", Some(PersonNotVisible)), ("Fritz", "Fritz", None),
            ("Ida", "Carl", Some(PersonNotVisible)), ("Ida", "Ida", None),
        ] {
            let (call, person) = (town.call(&lab, viewer), town.people[person].clone());
            let found = lab.read(move |conn| people::find_visible(conn, &call, Some(person.clone())));
            assert_eq!(outcome(found), refusal, "{viewer}");
        }
        let call = town.call(&lab, "Olive");
        assert_eq!(outcome(lab.read(move |conn| people::find_visible(conn, &call, None))), Some(UserNotFound));
    }
}
