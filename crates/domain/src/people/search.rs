//! Words that tell of somebody (people.md §4.2): for administrators, over everything a profile says.
//!
//! What a profile says of places and contacts has no folded column, so these searches read the portal's people and
//! compare in the process, where all letters fold alike.

use db::{Bind as _, Conn, Query, args, sql};

use super::sql::{columns, read};
use super::{ACTIVE, Person, Profile, profiles};
use crate::ids::GroupId;
use crate::text::fold;
use crate::{Call, Result};

/// The shortest word that is searched for.
const WORD_MIN: usize = 2;

/// The active people of whom every word of a text tells: in their names, place or address.
///
/// One word that is too short, and nobody is found; without words nobody either.
pub fn by_words(conn: &mut Conn, call: &Call, text: &str, group: Option<GroupId>) -> Result<Vec<Profile>> {
    let words: Vec<String> = text.split_whitespace().map(fold).collect();
    if words.is_empty() || words.iter().any(|word| word.chars().count() < WORD_MIN) {
        return Ok(Vec::new());
    }
    let mut people = candidates(conn, call, ACTIVE, group)?;
    people.retain(|person| {
        let told =
            [&person.last_name, &person.first_name, &person.location, &person.email].map(|text| fold(text));
        words.iter().all(|word| told.iter().any(|text| text.contains(word)))
    });
    profiles(conn, call, people)
}

/// The people of these statuses (flags 1, 2 and 4) with a text in a name, the address or a contact.
pub fn by_status(
    conn: &mut Conn,
    call: &Call,
    statuses: i64,
    text: &str,
    group: Option<GroupId>,
) -> Result<Vec<Profile>> {
    let text = fold(text.trim());
    let mut people = candidates(conn, call, statuses, group)?;
    people.retain(|person| {
        let told = [&person.first_name, &person.last_name, &person.user_name, &person.email];
        let contacts = person.contacts.iter().map(|contact| &contact.value);
        told.into_iter().chain(contacts).any(|told| fold(told).contains(&text))
    });
    profiles(conn, call, people)
}

fn candidates(conn: &mut Conn, call: &Call, statuses: i64, group: Option<GroupId>) -> Result<Vec<Person>> {
    let base = sql!("select ", columns!(), " from person p where p.portal_id = $1 and p.removed_at is null");
    let wanted: Vec<i64> = [1, 2, 4].into_iter().filter(|status| statuses & status != 0).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(base, args![call.portal.id]);
    query.list(" and p.status in (", &wanted, ")");
    if let Some(group) = &group {
        query.bind(
            " and exists (select 1 from group_member m where m.portal_id = $1 and m.user_id = p.id and m.group_id = $?)",
            &[group.bind()],
        );
    }
    query.push(" order by p.first_fold, p.last_fold, p.id");
    Ok(conn.all(&query, query.args(), |row| read(row, 0, &call.portal))?)
}
