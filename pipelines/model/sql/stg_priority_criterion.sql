-- One row per criterion of priority that was told of a wait, as the export tells it
with
load as (
    select * from load_priority_criterion
),

final as (
    select
        waiting_id,
        criterion_code,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
