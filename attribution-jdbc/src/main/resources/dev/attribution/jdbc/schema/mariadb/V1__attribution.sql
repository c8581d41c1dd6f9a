-- Attribution, version 1, for MariaDB 10.6 and later.
-- Every name begins with attribution_: to choose another table prefix, replace it throughout.
-- Times are UTC. Ids compare exactly: the collation folds nothing and pads nothing.
-- No foreign keys and no sequences: a click, its conversions and its history belong together by click_id.

create table if not exists attribution_offer (
    offer_id varchar(255) not null,
    tracking_link varchar(2048) not null,
    schemes json not null, -- array of text
    literals json not null, -- array of text
    duplicate_policy varchar(40), -- null for the default of the application
    minimum_delay_micros bigint not null,
    window_micros bigint, -- null: no limit
    accepted_events json not null, -- array of text, empty for all
    accepted_callers json not null, -- array of text, empty for all
    transaction_id_required boolean not null,
    constraint attribution_offer_pk primary key (offer_id)
) engine = innodb, character set utf8mb4, collate utf8mb4_nopad_bin;

create table if not exists attribution_click (
    click_id binary(16) not null,
    offer_id varchar(255) not null,
    member_id varchar(255) not null,
    clicked_at datetime(6) not null,
    context json not null, -- object: ip, userAgent, referrer, extras
    flag varchar(64), -- the rule by which the click is not credited, or null
    flag_cleared_at datetime(6), -- when an operator cleared the flag
    member_scope binary(16) not null, -- the hash of the member on the offer, which stays when the member is forgotten
    constraint attribution_click_pk primary key (click_id)
) engine = innodb, character set utf8mb4, collate utf8mb4_nopad_bin;

create index if not exists attribution_click_by_time on attribution_click (clicked_at, click_id);
create index if not exists attribution_click_by_offer on attribution_click (offer_id, clicked_at, click_id);
create index if not exists attribution_click_by_member on attribution_click (member_id, clicked_at, click_id);

-- The unique keys are what keeps a credit from being given twice. Never drop one.
create table if not exists attribution_conversion (
    conversion_id binary(16) not null,
    attempt_id binary(16) not null,
    click_id binary(16) not null,
    slot bigint, -- null for a reservation: a reversal that came before its conversion
    offer_id varchar(255) not null,
    member_id varchar(255) not null,
    member_scope binary(16) not null, -- the hash of the member on the offer, by which alone facts of a member are read
    event_id varchar(255),
    transaction_id varchar(255),
    call_key varchar(520), -- what makes two calls the same, with its form in front, null without a transaction id
    payout numeric(38, 18),
    payout_scale smallint, -- the digits after the point that were sent
    currency char(3),
    converted_at datetime(6) not null,
    status varchar(8) not null, -- PENDING, APPROVED, REVERSED, in no index, since a change of it would then cost every index
    revision integer not null, -- 1, and one more with each change
    approved_at datetime(6),
    reversed_at datetime(6),
    reinstated_at datetime(6),
    constraint attribution_conversion_pk primary key (conversion_id),
    constraint attribution_conversion_slot unique (click_id, slot),
    constraint attribution_conversion_call unique (click_id, call_key)
) engine = innodb, character set utf8mb4, collate utf8mb4_nopad_bin;

create index if not exists attribution_conversion_by_time on attribution_conversion (converted_at, conversion_id);
create index if not exists attribution_conversion_by_click on attribution_conversion (click_id, converted_at, conversion_id);
create index if not exists attribution_conversion_by_offer on attribution_conversion (offer_id, converted_at, conversion_id);
create index if not exists attribution_conversion_by_member on attribution_conversion (member_id, converted_at, conversion_id);
create index if not exists attribution_conversion_by_event on attribution_conversion (event_id, converted_at, conversion_id);
create index if not exists attribution_conversion_by_member_scope on attribution_conversion (member_scope, converted_at, conversion_id);

-- A conversion that holds the scope of a member on an offer exclusively has a row here, written with it. No time partitions it.
create table if not exists attribution_exclusive_scope (
    scope binary(16) not null, -- of the offer and the member
    click_id binary(16) not null,
    conversion_id binary(16) not null,
    claimed_at datetime(6) not null,
    -- what is copied when the conversion is deleted or its partition detached, null before
    kept_attempt_id binary(16),
    kept_offer_id varchar(255),
    kept_status varchar(8),
    kept_reversed_at datetime(6),
    constraint attribution_exclusive_scope_pk primary key (scope)
) engine = innodb, character set utf8mb4, collate utf8mb4_nopad_bin;

create table if not exists attribution_history (
    attempt_id binary(16) not null,
    received_at datetime(6) not null,
    outcome varchar(12) not null,
    reason varchar(40),
    received_click_id varchar(255), -- as it was received, null if that is the click id in its usual spelling, that spelling if none was
    click_id binary(16), -- null if that is not a click id
    offer_id varchar(255),
    member_id varchar(255),
    event_id varchar(255),
    transaction_id varchar(255),
    conversion_id binary(16),
    status_change json, -- object of text: the state of the conversion before and after an ADJUSTED
    origin varchar(8) not null, -- RECEIVED, REPLAYED, IMPORTED, OPERATOR
    replay_of binary(16), -- the attempt that is replayed
    query varchar(8192) not null,
    truncated boolean not null,
    request_body mediumtext not null, -- as text, empty if there was none
    content_type varchar(255),
    caller varchar(64) not null,
    notes json not null, -- array of text
    constraint attribution_history_pk primary key (attempt_id)
) engine = innodb, character set utf8mb4, collate utf8mb4_nopad_bin;

create index if not exists attribution_history_by_time on attribution_history (received_at, attempt_id);
create index if not exists attribution_history_by_click on attribution_history (click_id, received_at, attempt_id);
create index if not exists attribution_history_by_received_click on attribution_history (received_click_id, received_at, attempt_id);
create index if not exists attribution_history_by_offer on attribution_history (offer_id, received_at, attempt_id);
create index if not exists attribution_history_by_member on attribution_history (member_id, received_at, attempt_id);
create index if not exists attribution_history_by_event on attribution_history (event_id, received_at, attempt_id);
create index if not exists attribution_history_by_outcome on attribution_history (outcome, received_at, attempt_id);
create index if not exists attribution_history_by_reason on attribution_history (reason, received_at, attempt_id);
