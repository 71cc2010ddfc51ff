-- The installation, its portals, their people and how they are known. docs/sql.md says what {text}, {bytes} and {key} mean.

create table installation (
    name {text} primary key,
    value {text} not null
);

create table portal (
    portal_id bigint primary key,
    alias {text} not null unique,
    name {text} not null,
    status bigint not null,
    owner_id {text} not null,
    owned bigint not null,
    setup_token_hash {bytes},
    culture {text} not null,
    time_zone {text} not null,
    created_at bigint not null,
    modified_at bigint not null
);

create table section (
    portal_id bigint not null,
    kind bigint not null,
    folder_id bigint not null,
    created_at bigint not null,
    primary key (portal_id, kind)
) {key};

create table person (
    portal_id bigint not null,
    id {text} not null,
    kind bigint not null,
    status bigint not null,
    activation_status bigint not null,
    user_name {text} not null,
    email {text} not null,
    email_fold {text} not null,
    first_name {text} not null,
    last_name {text} not null,
    name_fold {text} not null,
    password_hash {text},
    culture {text},
    room_order bigint not null,
    created_at bigint not null,
    modified_at bigint not null,
    primary key (portal_id, id)
) {key};

create unique index person_by_email on person (portal_id, email_fold);
create unique index person_by_user_name on person (portal_id, user_name);

create table session (
    portal_id bigint not null,
    id bigint not null,
    user_id {text} not null,
    token_hash {bytes} not null,
    created_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    ip {text} not null,
    user_agent {text} not null,
    primary key (portal_id, id)
) {key};

create unique index session_by_token on session (portal_id, token_hash);
create index session_by_expiry on session (expires_at);

create table api_key (
    portal_id bigint not null,
    id {text} not null,
    token_hash {bytes} not null,
    postfix {text} not null,
    name {text} not null,
    permissions {text} not null,
    is_active bigint not null,
    created_by {text} not null,
    created_at bigint not null,
    expires_at bigint,
    last_used_at bigint,
    primary key (portal_id, id)
) {key};

create unique index api_key_by_token on api_key (portal_id, token_hash);
create index api_key_by_creator on api_key (portal_id, created_by);

create table audit (
    portal_id bigint not null,
    id bigint not null,
    at bigint not null,
    actor_id {text},
    action bigint not null,
    target {text},
    detail {text} not null,
    ip {text} not null,
    user_agent {text} not null,
    primary key (portal_id, id)
) {key};

create table job (
    id bigint primary key,
    portal_id bigint not null,
    name {text} not null,
    payload {text} not null,
    attempts bigint not null,
    run_at bigint not null,
    last_error {text}
);

create index job_by_time on job (run_at);

create table idempotent_reply (
    portal_id bigint not null,
    user_id {text} not null,
    key_hash {bytes} not null,
    request_hash {bytes} not null,
    status bigint not null,
    reply {text},
    made_at bigint not null,
    primary key (portal_id, user_id, key_hash)
) {key};

create index idempotent_reply_by_age on idempotent_reply (made_at);
