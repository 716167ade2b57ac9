-- One row per criterion of priority that was told of a wait
with
criteria as (
    select * from stg_priority_criterion
),

final as (
    select
        waiting_id,
        criterion_code,
        load_id,
        source_file,
        source_row
    from criteria
)

select * from final
