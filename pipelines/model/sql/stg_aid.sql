-- One row per gift or loan to a person, as the export tells it
with
load as (
    select * from load_aid
),

final as (
    select
        aid_id,
        person_id,
        aid_date,
        aid_date_missing,
        aid_purpose_code,
        aid_kind_code,
        amount_cents,
        amount_cents_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
