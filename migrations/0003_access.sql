-- Many portals, people in full, groups, invitations, members of rooms, and what sign-in needs beside a password.

-- A deleted portal keeps its row, under an alias nobody can ask for, until a job has removed everything of it.
alter table portal add column deleted_at bigint;
alter table portal add column status_changed_at bigint not null default 0;
alter table portal add column industry bigint not null default 0;

create index job_by_portal on job (portal_id, id);

-- Settings that were changed, as JSON; user '' is the portal itself. What isn't here has its default.
create table setting (
    portal_id bigint not null,
    user_id {text} not null,
    name {text} not null,
    value {text} not null,
    modified_at bigint not null,
    primary key (portal_id, user_id, name)
) {key};

alter table person add column first_fold {text} not null default '';
alter table person add column last_fold {text} not null default '';
alter table person add column location {text} not null default '';
alter table person add column notes {text} not null default '';
alter table person add column mobile_phone {text} not null default '';
alter table person add column contacts {text} not null default '[]';
alter table person add column spam bigint;
alter table person add column created_by {text};
alter table person add column terminated_at bigint;
-- Set when the account was deleted: its row stays for the things it made, its address and login name are free.
alter table person add column removed_at bigint;
-- The photo's key in the blob store and its format, as JSON.
alter table person add column photo {text};
-- Bytes, -1 unlimited; null: the portal's default.
alter table person add column quota bigint;
-- What makes mailed links die: the last request for a change, the last change of the password.
alter table person add column email_asked_at bigint not null default 0;
alter table person add column password_asked_at bigint not null default 0;
alter table person add column password_changed_at bigint not null default 0;
-- The authenticator app: its secret, from the first code on; the backup codes, as JSON.
alter table person add column tfa_secret {text};
alter table person add column tfa_bound bigint not null default 0;
alter table person add column tfa_codes {text} not null default '[]';

-- Until an account is changed next, its names fold as far as the engine can.
update person set first_fold = lower(first_name), last_fold = lower(last_name);

create index session_by_user on session (portal_id, user_id, id);
create index audit_by_actor on audit (portal_id, actor_id, id);

-- Who knows whom: made when somebody invites or creates another. Guests are seen by those related to them.
create table relation (
    portal_id bigint not null,
    source_id {text} not null,
    target_id {text} not null,
    created_at bigint not null,
    primary key (portal_id, source_id, target_id)
) {key};

create index relation_by_target on relation (portal_id, target_id);

create table people_group (
    portal_id bigint not null,
    id {text} not null,
    name {text} not null,
    name_fold {text} not null,
    manager_id {text},
    created_at bigint not null,
    modified_at bigint not null,
    primary key (portal_id, id)
) {key};

create table group_member (
    portal_id bigint not null,
    group_id {text} not null,
    user_id {text} not null,
    primary key (portal_id, group_id, user_id)
) {key};

create index group_member_by_user on group_member (portal_id, user_id, group_id);

-- The portal's invitation links, at most one for each type of account.
create table invitation (
    portal_id bigint not null,
    id {text} not null,
    kind bigint not null,
    expires_at bigint,
    max_uses bigint,
    uses bigint not null,
    created_by {text} not null,
    created_at bigint not null,
    primary key (portal_id, id)
) {key};

create unique index invitation_by_kind on invitation (portal_id, kind);

-- Addresses /s/{key} that stand for longer ones of the same portal.
create table short_link (
    portal_id bigint not null,
    key {text} not null,
    target {text} not null,
    created_at bigint not null,
    primary key (portal_id, key)
) {key};

create index short_link_by_age on short_link (created_at);

-- Keys of mailed links that were used or looked at: some are good once, some only a while from then.
create table confirm_use (
    portal_id bigint not null,
    key_hash {bytes} not null,
    at bigint not null,
    primary key (portal_id, key_hash)
) {key};

create index confirm_use_by_age on confirm_use (at);

-- Long work on an account: reassigning, removing, changing its type. What the progress calls show.
create table task (
    portal_id bigint not null,
    user_id {text} not null,
    kind bigint not null,
    status bigint not null,
    percentage bigint not null,
    error {text} not null,
    payload {text} not null,
    started_by {text} not null,
    changed_at bigint not null,
    primary key (portal_id, user_id, kind)
) {key};

create index task_by_age on task (changed_at);

-- A room's members. subject_kind: 0 a person, 2 a group. The creator's own row has access 0.
alter table shelf add column subject_kind bigint not null default 0;
alter table shelf add column shared_by {text};
alter table shelf add column shared_at bigint not null default 0;
-- All that is asked of a room's members: SQLite would else read the whole portal's shelf by its primary key.
drop index shelf_by_room;
create index shelf_by_room on shelf (portal_id, room_id, subject_id, subject_kind, access);

-- The log is read in two halves: who signed in and out, and everything else.
alter table audit add column login bigint not null default 0;
update audit set login = 1 where action < 2000;
create index audit_by_half on audit (portal_id, login, id);
