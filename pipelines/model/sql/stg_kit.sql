-- One row per forensic kit that a designated centre told us of, as the export tells it
with
load as (
    select * from load_kit
),

final as (
    select
        kit_id,
        person_id,
        kit_date,
        kit_date_missing,
        received_date,
        received_date_missing,
        first_call_date,
        first_call_date_missing,
        is_reached,
        is_reached_missing,
        age_group_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
