-- Rooms of which a person wants no notices: a row for each, so that reading a room finds its own. They were a list in a
-- setting before, which no release had: it isn't carried over.
create table muted_room (
    portal_id bigint not null,
    user_id {text} not null,
    room_id bigint not null,
    at bigint not null,
    primary key (portal_id, user_id, room_id)
) {key};

create index muted_room_by_room on muted_room (portal_id, room_id);

delete from setting where name = 'muted_rooms';
