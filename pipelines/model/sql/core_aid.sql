-- One row per gift or loan to a person, in its year
with
aids as (
    select * from stg_aid
),

periods as (
    select * from period
),

final as (
    select
        aids.aid_id,
        aids.person_id,
        -- Without a pseudonym each gift is taken for another person: protection counts persons.
        coalesce(aids.person_id, aids.aid_id) as person_key,
        aids.aid_date,
        periods.label as period,
        aids.aid_purpose_code,
        aids.aid_kind_code,
        aids.amount_cents,
        aids.amount_cents_missing,
        aids.load_id,
        aids.source_file,
        aids.source_row
    from aids
    left join periods
        on aids.aid_date between periods.first_day and periods.last_day
)

select * from final
