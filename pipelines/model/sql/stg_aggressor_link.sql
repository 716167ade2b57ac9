-- One row per aggressor of an aggression, as the export tells it
with
load as (
    select * from load_aggressor_link
),

final as (
    select
        aggression_id,
        relationship_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
