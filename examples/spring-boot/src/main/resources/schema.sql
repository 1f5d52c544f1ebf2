create table if not exists invoice (
    lago_id varchar(64) primary key,
    number varchar(64),
    customer varchar(255),
    status varchar(32),
    payment_status varchar(32),
    amount_cents decimal(30, 0),
    currency varchar(3),
    issued varchar(10)
);
