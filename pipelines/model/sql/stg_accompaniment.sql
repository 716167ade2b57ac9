-- One row per time that a person was accompanied in a step of hers, as the export tells it
with
load as (
    select * from load_accompaniment
),

final as (
    select
        accompaniment_id,
        person_id,
        accompaniment_date,
        accompaniment_date_missing,
        purpose_code,
        mode_code,
        cast(minutes as integer) as minutes,
        minutes_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
