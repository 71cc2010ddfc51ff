-- Rooms, who has them on the shelf, their tags and links.

-- section: 14 active, 20 archived, 0 deleted and waiting to be purged. Queries name the section they want,
-- so that a deleted room is gone from all of them at once.
create table room (
    portal_id bigint not null,
    id bigint not null,
    section bigint not null,
    kind bigint not null,
    title {text} not null,
    title_fold {text} not null,
    description {text} not null,
    color {text} not null,
    cover {text},
    private bigint not null,
    indexing bigint not null,
    deny_download bigint not null,
    quota bigint not null,
    lifetime {text},
    watermark {text},
    chat {text},
    save_form_as_xlsx bigint not null,
    send_form_to_external_db bigint not null,
    files_count bigint not null,
    folders_count bigint not null,
    used_bytes bigint not null,
    links_count bigint not null,
    public_links_count bigint not null,
    members_count bigint not null,
    created_by {text} not null,
    created_at bigint not null,
    modified_by {text} not null,
    modified_at bigint not null,
    primary key (portal_id, id)
) {key};

create index room_by_date on room (portal_id, section, modified_at, id);
create index room_by_title on room (portal_id, section, title_fold, id);
create index room_by_creator on room (portal_id, created_by, section);

-- One row for each person (or group) and each room of theirs, kept in the orders they list them by.
-- access: 0 for the creator, else the role.
create table shelf (
    portal_id bigint not null,
    subject_id {text} not null,
    room_id bigint not null,
    section bigint not null,
    access bigint not null,
    title_fold {text} not null,
    modified_at bigint not null,
    primary key (portal_id, subject_id, room_id)
) {key};

create index shelf_by_date on shelf (portal_id, subject_id, section, modified_at, room_id);
create index shelf_by_title on shelf (portal_id, subject_id, section, title_fold, room_id);
create index shelf_by_room on shelf (portal_id, room_id);

-- How many rooms a person has in a section; subject '' is the whole portal. A counter is the sum of its lanes: each
-- writing thread has a lane of its own, so that two writers never change the same row. One lane may be negative.
create table shelf_count (
    portal_id bigint not null,
    subject_id {text} not null,
    section bigint not null,
    lane bigint not null,
    rooms bigint not null,
    primary key (portal_id, subject_id, section, lane)
) {key};

create table tag (
    portal_id bigint not null,
    id bigint not null,
    name {text} not null,
    primary key (portal_id, id)
) {key};

create unique index tag_by_name on tag (portal_id, name);

create table room_tag (
    portal_id bigint not null,
    room_id bigint not null,
    tag_id bigint not null,
    primary key (portal_id, room_id, tag_id)
) {key};

create index room_tag_by_tag on room_tag (portal_id, tag_id, room_id);

create table link (
    portal_id bigint not null,
    id {text} not null,
    room_id bigint not null,
    title {text} not null,
    access bigint not null,
    is_primary bigint not null,
    is_internal bigint not null,
    created_by {text} not null,
    created_at bigint not null,
    primary key (portal_id, id)
) {key};

create index link_by_room on link (portal_id, room_id);

-- Ids of rooms whose rows are purged, so that they can still be called deleted.
create table tombstone (
    portal_id bigint not null,
    id bigint not null,
    primary key (portal_id, id)
) {key};
