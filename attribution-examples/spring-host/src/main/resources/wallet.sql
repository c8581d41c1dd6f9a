-- One row for each movement of money. Its key is that of a revision of a conversion, so nothing can be booked twice.
create table if not exists wallet (
    conversion_id uuid not null,
    revision int not null,
    member_id varchar(255) not null,
    coins int not null,
    primary key (conversion_id, revision)
);
