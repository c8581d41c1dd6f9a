create table if not exists wallet (member_id varchar(255) not null, conversion_id uuid not null, revision int not null, amount int not null, primary key (conversion_id, revision));
