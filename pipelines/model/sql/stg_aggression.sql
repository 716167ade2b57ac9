-- One row per aggression told in a request, as the export tells it
with
load as (
    select * from load_aggression
),

final as (
    select
        aggression_id,
        request_id,
        aggression_date,
        aggression_date_missing,
        cast(age_at_aggression as integer) as age_at_aggression,
        age_at_aggression_missing,
        location_code,
        aggressor_count_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
