-- One row per group of persons helped, open or closed, as the export tells it
with
load as (
    select * from load_group
),

final as (
    select
        group_id,
        group_type_code,
        cast(capacity as integer) as capacity,
        capacity_missing,
        start_date,
        start_date_missing,
        end_date,
        end_date_missing,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
