-- One row per aggressor of an aggression
with
links as (
    select * from stg_aggressor_link
),

final as (
    select
        -- An export names aggressors by their aggression alone: the place in the file tells them apart.
        concat_ws('-', aggression_id, source_file, source_row) as link_id,
        aggression_id,
        relationship_code,
        load_id,
        source_file,
        source_row
    from links
)

select * from final
